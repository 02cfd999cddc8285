package dev.rill.kernels;

import dev.rill.InTurn;
import dev.rill.Layers;
import java.util.Locale;
import java.util.function.Supplier;

/** Products of many rows alone, without gates and copies of results, beside what multiply-adds reach with nothing to load. */
public final class Products {
  /** Inputs, units, rows. */
  private static final int[][] SIZES = {{64, 128, 32}, {128, 256, 32}, {128, 256, 48}, {512, 512, 32}, {1024, 1024, 32}};

  private static final RoofBenchmark ROOF = new RoofBenchmark();

  private Products() {}

  public static void main(String[] arguments) {
    KernelWarmUp warmUp = new KernelWarmUp(WeightFormat.FLOAT32);
    boolean compiling;
    do {
      compiling = warmUp.round();
    } while (compiling);
    if (warmUp.failure() != null) {
      throw new IllegalStateException(warmUp.failure());
    }
    System.out.println("| product, GFLOP/s, of multiply-adds alone in turn with it | LSTM | GRU |");
    System.out.println("|---|---|---|");
    for (int[] size : SIZES) {
      double operations = 2.0 * size[2] * (size[0] + size[1]) * size[1];
      System.out.printf(Locale.ROOT, "| %d→%d, %d rows |", size[0], size[1], size[2]);
      print(4 * operations, lstm(size[0], size[1], size[2]));
      print(3 * operations, gru(size[0], size[1], size[2]));
      System.out.println();
    }
  }

  private static void print(double operations, Supplier<?> product) {
    // Long turns, so that what the third level can hold of the weights gets there.
    double[] nanos = InTurn.least(5, 200, ROOF::peak, product);
    double peak = 2.0 * RoofBenchmark.PEAK_OPERATIONS / nanos[0];
    double rate = operations / nanos[1];
    System.out.printf(Locale.ROOT, " %.0f of %.0f (%.0f %%) |", rate, peak, 100 * rate / peak);
  }

  private static Supplier<?> lstm(int inputs, int units, int rows) {
    int kernel = 4 * units * inputs;
    int recurrent = 4 * units * units;
    float[] weights = Layers.data(kernel + recurrent + 4 * units);
    return product(PackedWeights.lstm(WeightFormat.FLOAT32, units, inputs, weights, 0, kernel, kernel + recurrent), inputs, units, rows);
  }

  private static Supplier<?> gru(int inputs, int units, int rows) {
    int kernel = 3 * units * inputs;
    int recurrent = 3 * units * units;
    float[] weights = Layers.data(kernel + recurrent + 6 * units);
    return product(PackedWeights.gru(WeightFormat.FLOAT32, units, inputs, weights, 0, kernel, kernel + recurrent), inputs, units, rows);
  }

  private static Supplier<?> product(PackedWeights weights, int inputs, int units, int rows) {
    Rows x = new Rows().set(Layers.data(rows * inputs), 0, inputs);
    Rows h = new Rows().set(Layers.data(rows * units), 0, units);
    Arena.Place place = Arena.place(rows * weights.outputLength());
    Rows z = new Rows().set(place.data(), place.at(), weights.outputLength());
    return () -> {
      KernelChoice.current().matmul(weights, rows, null, x, h, z);
      return z;
    };
  }
}
