package dev.rill;

import dev.rill.engine.BackgroundWarmUp;
import dev.rill.engine.PlanWarmUp;
import dev.rill.layers.Graph;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a warm-up did.
 *
 * @param kernels what runs now, as {@link Network#describe()} says it
 * @param rounds rounds of all kernels, with SIMD and without
 * @param steps steps of this network, or of its windows where it cannot be streamed
 * @param elapsed how long it took
 * @param nanosPerStep median of the last calls; 0 if nothing but the kernels ran, as the network reads more steps than a warm-up has
 * @param steady whether the medians of the last calls agree within a tenth: latency is flat
 */
public record WarmUp(String kernels, int rounds, long steps, Duration elapsed, double nanosPerStep, boolean steady) {
  /** Long enough for the compiler to get a word in between. */
  private static final long STRETCH_NANOS = 50_000_000;
  private static final int FLAT_STRETCHES = 4;
  /** Steps of a window where the model takes any number. */
  private static final int STEPS = 64;
  private static final int SAMPLES = 256;
  private static final int FEWEST_SAMPLES = 16;

  /** A compiler that has given up on a kernel, which HotSpot's may in a process that has compiled much, never gets there. */
  private static final long MOST_NANOS = 60_000_000_000L;

  static WarmUp run(Network network, Duration budget) {
    long begin = System.nanoTime();
    long nanos = Math.min(nanos(budget), MOST_NANOS);
    PlanWarmUp warmUp = new PlanWarmUp(network.plan());
    int rounds = 1;
    while (warmUp.round() && System.nanoTime() - begin < nanos) {
      rounds++;
    }
    Latency latency = latency(network);
    // One stretch in any case, so that there is a figure.
    while (latency != null && !latency.flat() && (latency.steps == 0 || System.nanoTime() - begin < nanos)) {
      latency.stretch();
    }
    boolean steady = warmUp.failure() == null && (latency == null || latency.flat());
    return new WarmUp(network.describe(), rounds, latency == null ? 0 : latency.steps, Duration.ofNanos(System.nanoTime() - begin),
        latency == null ? 0 : latency.median / latency.length, steady);
  }

  /**
   * Ends the thread that warms up in the background, if there is one, and returns when it has ended: for containers that unload this
   * library's classes, which a thread would keep for up to a minute. The next model, or {@link Network#warmUp}, takes it up again.
   */
  public static void stopBackground() {
    BackgroundWarmUp.stop();
  }

  private static long nanos(Duration budget) {
    if (Require.given(budget, "the budget").isNegative()) {
      throw new RillException("the budget of a warm-up is " + budget + ": expected no negative time");
    }
    // Beyond the 292 years that a long holds it makes no difference.
    return budget.getSeconds() < Long.MAX_VALUE / 1_000_000_000 ? budget.toNanos() : Long.MAX_VALUE;
  }

  private static Latency latency(Network network) {
    try {
      return network.streams() ? new Latency(network.session(1), network) : new Latency(network.predictor(), network);
    } catch (ShapeException e) {
      // It reads more steps than these.
      return null;
    }
  }

  /** Calls of one row: single steps, or whole windows. */
  private static final class Latency {
    /** One of both. */
    private final Session session;
    private final Predictor predictor;
    private final List<Tensor> windows = new ArrayList<>();
    private final List<Tensor> results;
    private final int length;
    private final Tensor[] x;
    private final Tensor[] y;
    private final long[] samples = new long[SAMPLES];
    private double median;
    private double lowest = Double.MAX_VALUE;
    private int flat;
    private long steps;

    Latency(Session session, Network network) {
      this.session = session;
      predictor = null;
      results = List.of();
      length = 1;
      x = new Tensor[network.inputs()];
      y = new Tensor[network.outputs()];
      Arrays.setAll(x, i -> Tensor.zeros(1, network.inputFeatures(i)));
      Arrays.setAll(y, i -> Tensor.zeros(1, network.outputFeatures(i)));
    }

    Latency(Predictor predictor, Network network) {
      session = null;
      this.predictor = predictor;
      x = null;
      y = null;
      int longest = 1;
      Graph graph = network.plan().graph();
      for (Graph.Ref input : graph.inputs()) {
        Shape shape = graph.shape(input).with(0, 1);
        shape = graph.sequence(input) && shape.axis(1) == Shape.UNKNOWN ? shape.with(1, STEPS) : shape;
        windows.add(Tensor.zeros(shape.toArray()));
        longest = Math.max(longest, graph.sequence(input) ? shape.axis(1) : 1);
      }
      length = longest;
      results = predictor.predict(windows);
    }

    private void call() {
      if (session != null) {
        session.step(x, y);
      } else {
        predictor.run(windows, results);
      }
    }

    void stretch() {
      long end = System.nanoTime() + STRETCH_NANOS;
      int count = 0;
      for (long start = System.nanoTime(); start < end || count < FEWEST_SAMPLES; count++) {
        call();
        long now = System.nanoTime();
        // The last samples of the stretch stand for it.
        samples[count % SAMPLES] = now - start;
        start = now;
      }
      steps += (long) count * length;
      int kept = Math.min(count, SAMPLES);
      Arrays.sort(samples, 0, kept);
      median = samples[kept / 2];
      flat = median <= 1.1 * lowest ? flat + 1 : 0;
      lowest = Math.min(lowest, median);
    }

    boolean flat() {
      return flat >= FLAT_STRETCHES;
    }
  }

  /** Returns one line for a log. */
  @Override
  public String toString() {
    String figures = steps == 0 ? "no steps, as the model reads more than a warm-up has" : String.format(Locale.ROOT,
        "%d steps; median step %.0f ns, %s", steps, nanosPerStep, steady ? "flat" : "not yet flat");
    return kernels + "; " + rounds + " rounds in " + elapsed.toMillis() + " ms, " + figures;
  }
}
