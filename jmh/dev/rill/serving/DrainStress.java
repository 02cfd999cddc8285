package dev.rill.serving;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Requests that race with the end of their batcher: what was taken is answered once, what was refused never. */
public final class DrainStress {
  private static final Network NETWORK = network();
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private DrainStress() {}

  private static Network network() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new LSTM(1));
    model.initialize(1);
    return model.freeze();
  }

  /** A batcher, and what became of the requests. */
  abstract static class Race {
    final SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(NETWORK).maxStreams(4).maxBatch(2)
        .queue(4, WhenFull.REJECT).build();
    final AtomicInteger taken = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();

    void submit(int key) {
      if (batcher.submit(key, new float[1], new float[1], (of, y, weights, failure) -> answered.incrementAndGet())) {
        taken.incrementAndGet();
      }
    }

    void step(int key) {
      try {
        batcher.step(key, new float[1], new float[1]);
        taken.incrementAndGet();
        answered.incrementAndGet();
      } catch (RejectedException e) {
        // Refused, and told so: as if never asked.
      }
    }

    void result(II_Result result) {
      result.r1 = taken.get();
      result.r2 = answered.get();
    }
  }

  /** One who submits twice, and the end. */
  @JCStressTest
  @Outcome(id = {"0, 0", "1, 1", "2, 2"}, expect = Expect.ACCEPTABLE, desc = "each that was taken was answered once")
  @State
  public static class SubmitClose extends Race {
    /** One who submits. */
    @Actor
    public void submits() {
      submit(1);
      submit(1);
    }

    /** The end. */
    @Actor
    public void close() {
      batcher.close(DRAIN);
    }

    /** Tells what was taken and what was answered. */
    @Arbiter
    public void see(II_Result result) {
      result(result);
    }
  }

  /** One who waits for the answer, and the end. */
  @JCStressTest
  @Outcome(id = {"0, 0", "1, 1", "2, 2"}, expect = Expect.ACCEPTABLE, desc = "each that was taken was answered once")
  @State
  public static class StepClose extends Race {
    /** One who submits, then waits for an answer. */
    @Actor
    public void waits() {
      submit(2);
      step(1);
    }

    /** The end. */
    @Actor
    public void close() {
      batcher.close(DRAIN);
    }

    /** Tells what was taken and what was answered. */
    @Arbiter
    public void see(II_Result result) {
      result(result);
    }
  }

  /** One who submits twice, and a swap before the end. */
  @JCStressTest
  @Outcome(id = {"0, 0", "1, 1", "2, 2"}, expect = Expect.ACCEPTABLE, desc = "each that was taken was answered once")
  @State
  public static class SubmitSwapClose extends Race {
    /** One who submits. */
    @Actor
    public void submits() {
      submit(1);
      submit(2);
    }

    /** Other weights, or the same, and the end. */
    @Actor
    public void swapsAndCloses() {
      batcher.swap(NETWORK, Carry.KEEP);
      batcher.close(DRAIN);
    }

    /** Tells what was taken and what was answered. */
    @Arbiter
    public void see(II_Result result) {
      result(result);
    }
  }
}
