package dev.rill;

import dev.rill.kernels.ElementaryBenchmark;
import dev.rill.kernels.RoofBenchmark;
import dev.rill.variables.Weights;
import java.util.Locale;

/**
 * A few seconds that show a reader whether a change has made the kernels slower: each kernel beside the roof that it should
 * be near, in turn, so that a machine that is slow or shared is so for both. It only prints; noise must fail nobody's build.
 */
public final class Guard {
  private static final String SIZE = "64->128";
  /** Of its weights, the bias with them. */
  private static final double KILOBYTES = 4.0 * 4 * (64 + 128 + 1) * 128 / 1024;
  private static final int ROWS = 32;
  private static final double BATCH_OPERATIONS = 2.0 * ROWS * 4 * (64 + 128) * 128;

  private Guard() {}

  public static void main(String[] arguments) {
    StepBenchmark step = lstm(1);
    StepBenchmark batch = lstm(ROWS);
    ElementaryBenchmark elementary = new ElementaryBenchmark();
    elementary.fill();
    RoofBenchmark roof = new RoofBenchmark();
    RoofBenchmark.Weights weights = new RoofBenchmark.Weights();
    weights.fill();

    double[] nanos = InTurn.least(60, 8, () -> roof.stream(weights), step::step, roof::peak, batch::step, elementary::copyOnly,
        elementary::sigmoid);
    double streaming = weights.kilobytes * 1024 / nanos[0];
    double loading = KILOBYTES * 1024 / nanos[1];
    double peak = 2.0 * RoofBenchmark.PEAK_OPERATIONS / nanos[2];
    double rate = BATCH_OPERATIONS / nanos[3];
    System.out.println("speed, as the share of what this machine can do at all in the same second:");
    print("LSTM 64->128, 1 row:   %6.1f GB/s of %6.1f that weights are streamed at from the second-level cache", loading, streaming, 0.9);
    print("LSTM 64->128, 32 rows: %6.1f GFLOP/s of %6.1f that multiply-adds alone reach", rate, peak, 0.9);
    System.out.printf(Locale.ROOT, "  sigmoid: %.2f ns an element (0.50 wanted)%n", (nanos[5] - nanos[4]) / ElementaryBenchmark.COUNT);
  }

  private static StepBenchmark lstm(int rows) {
    StepBenchmark benchmark = new StepBenchmark();
    benchmark.layer = "lstm";
    benchmark.size = SIZE;
    benchmark.rows = rows;
    benchmark.weights = "float32";
    benchmark.open();
    return benchmark;
  }

  private static void print(String format, double got, double roof, double wanted) {
    System.out.printf(Locale.ROOT, "  " + format + ": %3.0f %% (%.0f %% wanted)%n", got, roof, 100 * got / roof, 100 * wanted);
  }
}
