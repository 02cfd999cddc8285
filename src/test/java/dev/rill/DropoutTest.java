package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.AlphaDropout;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Reduction;
import dev.rill.training.SGD;
import dev.rill.variables.Initializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dropout drops together, and what its random numbers are a function of. */
class DropoutTest {
  private static final int ROWS = 4;
  private static final int STEPS = 6;
  private static final int UNITS = 8;

  /** What one training call keeps, element by element: the gradient of a kernel in front where only one input is not zero. */
  private static boolean[] kept(Dropout dropout, long seed) {
    boolean[] kept = new boolean[ROWS * STEPS * UNITS];
    for (int row = 0; row < ROWS; row++) {
      for (int step = 0; step < STEPS; step++) {
        float[] gradient = gradient(dropout, seed, row, step);
        for (int unit = 0; unit < UNITS; unit++) {
          kept[(row * STEPS + step) * UNITS + unit] = gradient[unit] != 0;
        }
      }
    }
    return kept;
  }

  private static float[] gradient(Dropout dropout, long seed, int row, int step) {
    Model model = Sequential.of(Input.shape(STEPS, 1), new Dense(UNITS).useBias(false).kernelInitializer(Initializer.ones()),
        dropout);
    model.compile(new SGD(0.1), new MeanSquaredError().reduction(Reduction.SUM));
    model.trainer().seed(seed);
    Tensor x = Tensor.zeros(ROWS, STEPS, 1);
    x.array()[row * STEPS + step] = 1;
    Tensor y = Tensor.zeros(ROWS, STEPS, UNITS);
    Arrays.fill(y.array(), 9);
    return model.trainer().gradient(Batch.of(List.of(x), List.of(y)), model::enter);
  }

  @Test
  void alphaDropoutGivesSelusLowestValueOrTheInputBothScaledAndMoved() {
    Model model = Sequential.of(Input.shape(1), new Dense(64).useBias(false).kernelInitializer(Initializer.ones()).trainable(false),
        new AlphaDropout(0.3), new Dense(1).useBias(false).kernelInitializer(Initializer.ones()));
    model.compile(new SGD(0.1), new MeanSquaredError().reduction(Reduction.SUM));
    float[] gradient = model.trainer().gradient(Batch.of(List.of(Tensor.of(new float[] {0.5f}, 1, 1)), List.of(Tensor.zeros(1, 1))),
        model::enter);
    // Of y^2 by the last kernel: 2 y times what it reads, and y is the sum of that.
    double sum = 0;
    for (int i = 0; i < 64; i++) {
      sum += gradient[gradient.length - 64 + i] / 2;
    }
    double lowest = -1.6732632423543772 * 1.0507009873554805;
    double a = 1 / Math.sqrt(0.7 * (1 + 0.3 * lowest * lowest));
    int dropped = 0;
    for (int i = 0; i < 64; i++) {
      double read = gradient[gradient.length - 64 + i] / 2 / Math.sqrt(sum);
      boolean low = Math.abs(Math.abs(read) - Math.abs(a * lowest * 0.7)) < 1e-4;
      dropped += low ? 1 : 0;
      assertTrue(low || Math.abs(Math.abs(read) - Math.abs(a * 0.5 - a * lowest * 0.3)) < 1e-4, "unit " + i + ": " + read);
    }
    assertTrue(dropped > 5 && dropped < 35, dropped + " of 64 dropped");
  }

  private static int at(int row, int step, int unit) {
    return (row * STEPS + step) * UNITS + unit;
  }

  private static int count(boolean[] kept) {
    int count = 0;
    for (boolean one : kept) {
      count += one ? 1 : 0;
    }
    return count;
  }

  @Test
  void anAxisOfOneSharesAFate() {
    boolean[] single = kept(new Dropout(0.5), 3);
    boolean[] steps = kept(new Dropout(0.5).noiseShape(Shape.UNKNOWN, 1, Shape.UNKNOWN), 3);
    boolean[] rows = kept(new Dropout(0.5).noiseShape(1, STEPS, UNITS), 3);
    boolean[] features = kept(new Dropout(0.5).noiseShape(STEPS, 1), 3);
    boolean[] all = kept(new Dropout(0.5).noiseShape(1), 3);
    for (boolean[] kept : List.of(single, steps, rows, features)) {
      assertTrue(count(kept) > 0 && count(kept) < kept.length);
    }
    assertTrue(count(all) == 0 || count(all) == all.length);
    boolean moves = false;
    for (int row = 0; row < ROWS; row++) {
      for (int step = 0; step < STEPS; step++) {
        for (int unit = 0; unit < UNITS; unit++) {
          int at = at(row, step, unit);
          assertEquals(steps[at(row, 0, unit)], steps[at]);
          assertEquals(rows[at(0, step, unit)], rows[at]);
          assertEquals(features[at(0, step, 0)], features[at]);
          moves |= single[at(row, 0, unit)] != single[at];
        }
      }
    }
    assertTrue(moves);
  }

  @Test
  void aSeedOfItsOwnStandsAboveThatOfTraining() {
    assertFalse(Arrays.equals(kept(new Dropout(0.5), 1), kept(new Dropout(0.5), 2)));
    assertArrayEquals(kept(new Dropout(0.5).seed(7), 1), kept(new Dropout(0.5).seed(7), 2));
    assertFalse(Arrays.equals(kept(new Dropout(0.5).seed(7), 1), kept(new Dropout(0.5).seed(8), 1)));
  }

  @Test
  void aNoiseShapeThatDoesNotFitIsRefused() {
    Symbol in = Input.shape(STEPS, UNITS);
    for (int[] shape : new int[][] {{1, 2, 1}, {1, STEPS, 2}, {1, 1, 1, 1}}) {
      ShapeException e = assertThrows(ShapeException.class, () -> new Dropout(0.5).noiseShape(shape).named("d").apply(in));
      assertTrue(e.getMessage().contains("layer Dropout d") && e.getMessage().contains("noise shape"), e.getMessage());
    }
    assertThrows(RillException.class, () -> new Dropout(0.5).noiseShape(0, 1));
  }

  @Test
  void sizesThatOnlyABatchTellsAreRefusedBeforeAnythingChanges() {
    Model model = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new SimpleRNN(2).returnSequences(true),
        new Dropout(0.5).noiseShape(3, 4, 2), new SimpleRNN(1));
    model.compile("sgd", "mse");
    float[] before = model.weights().values().clone();
    assertThrows(ShapeException.class, () -> model.trainOnBatch(Tensor.zeros(2, 4, 2), Tensor.zeros(2, 1)));
    assertThrows(ShapeException.class, () -> model.trainOnBatch(Tensor.zeros(3, 5, 2), Tensor.zeros(3, 1)));
    assertArrayEquals(before, model.weights().values());
    model.trainOnBatch(Tensor.zeros(3, 4, 2), Tensor.zeros(3, 1));
  }

  @Test
  void noiseShapeAndSeedAreKeptInFiles(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.keras");
    Sequential.of(Input.shape(STEPS, 2), new Dropout(0.5).noiseShape(Shape.UNKNOWN, 1, 2).seed(11).named("d"), new Dropout(0.1))
        .save(file);
    List<ModelLayer> layers = Model.load(file).layers();
    Dropout first = (Dropout) layers.get(1).layer();
    assertEquals(Shape.of(Shape.UNKNOWN, 1, 2), first.noiseShape());
    assertEquals(11, first.seed());
    Dropout second = (Dropout) layers.get(2).layer();
    assertNull(second.noiseShape());
    assertNull(second.seed());
  }
}
