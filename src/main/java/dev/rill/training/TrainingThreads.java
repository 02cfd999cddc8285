package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.concurrent.Executor;

/**
 * The threads that train and that predict many rows: the caller's own and those of an executor. Rill starts none. Neither their
 * number nor what the executor does with its tasks changes a bit of any result. Immutable: any number of models may train on the
 * same ones at once.
 *
 * <p>The calling thread does every share of a batch that nobody else has begun, and waits for none but those that are begun. So an
 * executor that is busy, shut down, refuses tasks or drops them, or whose threads are themselves calling, costs time at the most.
 *
 * <p>Each thread takes a part of a batch's rows and has buffers and packed weights of its own. From 8 rows on there is work for two
 * threads, from 32 for four, from 128 for eight, which is the most. A small batch stays on the calling thread, where it is done
 * sooner; so do layers that take all rows at once: {@code BatchNormalization}, {@code TimeDistributed} and activity regularizers.
 *
 * <p>An interrupt of the calling thread cuts no batch short: the one under way is finished, the next one to train on refused. The interrupt
 * status stays set. An interrupt of one of the executor's threads sends it back to the executor.
 */
public final class TrainingThreads {
  private final Executor executor;
  private final int size;

  TrainingThreads(Executor executor, int size) {
    this.executor = executor;
    this.size = size;
  }

  /**
   * The calling thread alone.
   *
   * @return the calling thread only
   */
  public static TrainingThreads callerOnly() {
    return new TrainingThreads(null, 1);
  }

  /**
   * The calling thread and others.
   *
   * @param executor whose threads help; its {@code execute} should not block
   * @param threads how many share the work at the most, the calling thread included; no more than there are processors take part,
   *     as they would be in each other's way
   * @return the threads
   * @throws RillException if there is no executor, or {@code threads} is not positive
   */
  public static TrainingThreads of(Executor executor, int threads) {
    if (executor == null) {
      throw new RillException("expected an executor, got null: callerOnly() does without one");
    }
    if (threads < 1) {
      throw new RillException("expected at least one thread, got " + threads);
    }
    Require.given(executor, "the executor of training threads");
    return new TrainingThreads(executor, Math.min(threads, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Who runs the tasks.
   *
   * @return the executor; null for none
   */
  public Executor executor() {
    return executor;
  }

  /**
   * How many threads share the work at most.
   *
   * @return the calling one included
   */
  public int size() {
    return size;
  }

  /** Returns how many there are. */
  @Override
  public String toString() {
    return executor == null ? "the calling thread alone" : size + " threads, the calling one included";
  }
}
