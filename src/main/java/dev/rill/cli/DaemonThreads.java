package dev.rill.cli;

import dev.rill.training.TrainingThreads;
import java.util.concurrent.Executors;

/** The threads that {@code --threads} asks for. They end with the process, whatever they are doing. */
final class DaemonThreads {
  private DaemonThreads() {}

  /** So many, the calling one included. */
  static TrainingThreads of(int threads) {
    return threads == 1 ? TrainingThreads.callerOnly() : TrainingThreads.of(Executors.newFixedThreadPool(threads - 1, task -> {
      Thread thread = new Thread(task, "rill-helper");
      thread.setDaemon(true);
      return thread;
    }), threads);
  }
}
