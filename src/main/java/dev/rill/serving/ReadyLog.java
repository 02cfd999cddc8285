package dev.rill.serving;

import dev.rill.Network;
import dev.rill.WarmUp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What an operator wants to know when a service begins: one line that it is ready, with figures; one more if SIMD is not to be had. */
final class ReadyLog {
  private ReadyLog() {}

  static void ready(Network network, BatcherOptions<?> options) {
    Logger log = System.getLogger("dev.rill.serving");
    String kernels = network.describe();
    if (kernels.startsWith("scalar") && !kernels.contains("compiling") && !kernels.contains("rill.kernels=scalar")) {
      log.log(Level.WARNING, "steps run without SIMD, several times slower: " + kernels);
    }
    // Without a warm-up there are no figures that anybody would want to read unasked.
    Level level = options.warmUp() == null ? Level.DEBUG : Level.INFO;
    if (log.isLoggable(level)) {
      log.log(level, "ready: " + what(options) + " in " + options.shards() + " shards, batches up to "
          + options.maxBatch() + ", queues of " + options.queueCapacity() + "; weights " + network.weightBytes() + " bytes, "
          + network.stateBytes(1) + " a stream; " + warmth(network, options));
    }
  }

  private static String what(BatcherOptions<?> options) {
    return options.window() > 0 ? "windows of " + options.window() + " steps" : options.maxStreams() + " streams";
  }

  private static String warmth(Network network, BatcherOptions<?> options) {
    WarmUp report = options.warmUp();
    return report == null ? network.describe() : report.toString();
  }
}
