package dev.rill;

import dev.rill.engine.PlanWarmUp;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a warm-up did.
 *
 * @param kernels what runs now, as {@link Network#describe()} says it
 * @param rounds rounds of all kernels, with SIMD and without
 * @param steps steps of this network
 * @param elapsed how long it took
 * @param nanosPerStep median of the last window of steps, 0 if the network cannot be streamed
 * @param steady whether the medians of the last windows agree within a tenth: latency is flat
 */
public record WarmUp(String kernels, int rounds, long steps, Duration elapsed, double nanosPerStep, boolean steady) {
  /** Long enough for the compiler to get a word in between. */
  private static final long WINDOW_NANOS = 50_000_000;
  private static final int FLAT_WINDOWS = 4;
  private static final int SAMPLES = 256;
  private static final int FEWEST_SAMPLES = 16;

  static WarmUp run(Network network, Duration budget) {
    long begin = System.nanoTime();
    long nanos = nanos(budget);
    PlanWarmUp exercise = new PlanWarmUp(network.plan());
    int rounds = 1;
    while (exercise.round() && System.nanoTime() - begin < nanos) {
      rounds++;
    }
    Latency latency = network.streams() ? new Latency(network) : null;
    while (latency != null && !latency.flat() && System.nanoTime() - begin < nanos) {
      latency.window();
    }
    boolean steady = exercise.failure() == null && (latency == null || latency.flat());
    return new WarmUp(network.describe(), rounds, latency == null ? 0 : latency.steps, Duration.ofNanos(System.nanoTime() - begin),
        latency == null ? 0 : latency.median, steady);
  }

  private static long nanos(Duration budget) {
    if (Require.given(budget, "the budget").isNegative()) {
      throw new RillException("the budget of a warm-up is " + budget + ": expected no negative time");
    }
    // Beyond the 292 years that a long holds it makes no difference.
    return budget.getSeconds() < Long.MAX_VALUE / 1_000_000_000 ? budget.toNanos() : Long.MAX_VALUE;
  }

  /** Steps of one row, window by window. */
  private static final class Latency {
    private final Session session;
    private final Tensor[] x;
    private final Tensor[] y;
    private final long[] samples = new long[SAMPLES];
    private double median;
    private double lowest = Double.MAX_VALUE;
    private int flat;
    private long steps;

    Latency(Network network) {
      session = network.session(1);
      x = new Tensor[network.inputs()];
      y = new Tensor[network.outputs()];
      Arrays.setAll(x, i -> Tensor.zeros(1, network.inputFeatures(i)));
      Arrays.setAll(y, i -> Tensor.zeros(1, network.outputFeatures(i)));
    }

    void window() {
      long end = System.nanoTime() + WINDOW_NANOS;
      int count = 0;
      for (long start = System.nanoTime(); start < end || count < FEWEST_SAMPLES; count++) {
        session.step(x, y);
        long now = System.nanoTime();
        // The last samples of the window stand for it.
        samples[count % SAMPLES] = now - start;
        start = now;
      }
      steps += count;
      int kept = Math.min(count, SAMPLES);
      Arrays.sort(samples, 0, kept);
      median = samples[kept / 2];
      flat = median <= 1.1 * lowest ? flat + 1 : 0;
      lowest = Math.min(lowest, median);
    }

    boolean flat() {
      return flat >= FLAT_WINDOWS;
    }
  }

  /** Returns one line for a log. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s; %d rounds, %d steps in %d ms; median step %.0f ns, %s", kernels, rounds, steps,
        elapsed.toMillis(), nanosPerStep, steady ? "flat" : "not yet flat");
  }
}
