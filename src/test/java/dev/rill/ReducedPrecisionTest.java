package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of bfloat16 and int8 weights: their promises are those of float32, but for the numbers. */
class ReducedPrecisionTest {
  private static final List<Precision> REDUCED = List.of(Precision.BFLOAT16, Precision.INT8);
  private static final int MODELS = 12;

  private static Sequential model() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 11), new LSTM(64).returnSequences(true),
        new GRU(33).returnSequences(true), new Dense(5));
    model.initialize(9);
    return Samples.withBiases(model, 10);
  }

  /** A weight that were rounded to 0 would make NaN of it. */
  @Test
  void anInfiniteInputComesToWhatItComesToInFloat32() {
    for (Layer layer : List.of(new Dense(64), new LSTM(64), new GRU(64), new SimpleRNN(64))) {
      Sequential model = Sequential.of(Input.shape(3, 40), layer);
      model.initialize(4);
      Tensor x = Tensor.of(Samples.floats(7, 3 * 40, 1), 1, 3, 40);
      x.set(0, 2, 17, Float.POSITIVE_INFINITY);
      float[] expected = model.predict(x).toArray();
      for (Precision precision : REDUCED) {
        model.predictWith(precision);
        float[] actual = model.predict(x).toArray();
        for (int i = 0; i < expected.length; i++) {
          assertTrue(expected[i] == actual[i] || Math.abs(expected[i] - actual[i]) <= 0.02f,
              layer + " in " + precision + " at " + i + ": expected " + expected[i] + ", got " + actual[i]);
        }
      }
      model.predictWith(Precision.FLOAT32);
    }
  }

  /** Streams alone and step by step against all rows in one call, in random calls, in random subsets, and {@code predict}. */
  @Test
  void batchRowAndCutsOfTimeChangeNoBit() {
    for (int i = 0; i < 2 * MODELS; i++) {
      Precision precision = REDUCED.get(i % 2);
      Random random = new Random(i);
      Sequential model = Samples.streaming(700 + i);
      Network network = model.freeze(precision);
      int rows = 1 + random.nextInt(9);
      int steps = 2 + random.nextInt(90);
      int in = network.inputFeatures(0);
      int out = network.outputFeatures(0);
      float[] x = Samples.floats(i, rows * steps * in, 2);
      Session whole = network.session(rows);
      boolean sequences = model.graph().shape(model.graph().outputs().get(0)).rank() == 3;
      float[] y = new float[rows * (sequences ? steps : 1) * out];
      whole.run(steps, x, y);
      String what = precision + ", model " + i + ", " + rows + " rows of " + steps + " steps";

      model.predictWith(precision);
      Samples.assertBits(y, model.predict(Tensor.of(x, rows, steps, in), 1 + random.nextInt(4)).toArray(), "predict, " + what);

      Session some = network.session(rows);
      float[] step = new float[rows * in];
      for (int t = 0; t < steps; t++) {
        // Two halves in another order, so that rows ride in other places and numbers.
        int first = random.nextInt(rows + 1);
        int[] order = new int[rows];
        for (int r = 0; r < rows; r++) {
          order[r] = (first + r) % rows;
        }
        for (int r = 0; r < rows; r++) {
          System.arraycopy(x, (order[r] * steps + t) * in, step, r * in, in);
        }
        some.step(order, first, step, new float[rows * out]);
        int[] rest = Arrays.copyOfRange(order, first, rows);
        some.step(rest, rest.length, Arrays.copyOfRange(step, first * in, rows * in), new float[rows * out]);
      }
      Samples.assertBits(whole.state(), some.state(), "subsets, " + what);

      for (int row = 0; row < rows; row++) {
        Session alone = network.session(1);
        for (int t = 0; t < steps; ) {
          int count = Math.min(steps - t, 1 + random.nextInt(40));
          float[] part = new float[count * in];
          System.arraycopy(x, (row * steps + t) * in, part, 0, part.length);
          alone.run(count, part, new float[count * out]);
          t += count;
        }
        Samples.assertBits(whole.state().gather(row), alone.state(), "alone, " + what);
      }
    }
  }

  @Test
  void outputsAreCloseToThoseOfFloat32AndNotTheSame() {
    Sequential model = model();
    float[] x = Samples.floats(1, 3 * 20 * 11, 1);
    float[] exact = new float[3 * 20 * 5];
    model.freeze().session(3).run(20, x, exact);
    for (Precision precision : REDUCED) {
      float[] y = new float[exact.length];
      model.freeze(precision).session(3).run(20, x, y);
      float worst = 0;
      for (int i = 0; i < y.length; i++) {
        worst = Math.max(worst, Math.abs(y[i] - exact[i]));
      }
      assertTrue(worst > 1e-5f && worst < 0.03f, precision + ": " + worst);
    }
  }

  @Test
  void theNetworkSaysWhatItKeepsAndWhatThatSaves() {
    Sequential model = model();
    Network full = model.freeze();
    assertEquals(Precision.FLOAT32, full.precision());
    assertTrue(full.describe().endsWith(")"), full.describe());
    for (Precision precision : REDUCED) {
      Network network = model.freeze(precision);
      assertEquals(precision, network.precision());
      assertTrue(network.describe().endsWith(", " + precision + " weights"), network.describe());
      double part = precision == Precision.BFLOAT16 ? 0.5 : 0.25;
      double saved = (double) network.weightBytes() / full.weightBytes();
      assertTrue(saved > part && saved < part + 0.07, precision + " takes " + saved);
    }
  }

  @Test
  void aStateOfAnotherPrecisionIsRefusedUnlessTheCallerSaysSo() {
    Sequential model = model();
    State state = model.freeze().session(2).state();
    for (Precision precision : REDUCED) {
      Network network = model.freeze(precision);
      assertNotEquals(model.freeze().weightsFingerprint(), network.weightsFingerprint());
      assertEquals(model.freeze(precision).weightsFingerprint(), network.weightsFingerprint());
      Session session = network.session(2);
      assertThrows(StateException.class, () -> session.state(state));
      assertThrows(StateException.class, () -> network.session(State.fromBytes(state.toBytes())));
      session.stateOfOtherWeights(state);
      assertThrows(StateException.class, () -> model.freeze().session(session.state()));
    }
    assertNotEquals(model.freeze(Precision.INT8).weightsFingerprint(), model.freeze(Precision.BFLOAT16).weightsFingerprint());
  }

  @Test
  void theModelKeepsItsWeightsAndComesBackToThem() {
    Sequential model = model();
    Tensor x = Tensor.of(Samples.floats(1, 2 * 3 * 11, 1), 2, 3, 11);
    float[] weights = model.weights().values().clone();
    float[] exact = model.predict(x).toArray();
    model.predictWith(Precision.INT8);
    float[] reduced = model.predict(x).toArray();
    model.predictWith(Precision.FLOAT32);
    Samples.assertBits(exact, model.predict(x).toArray(), "float32 again");
    assertTrue(!Arrays.equals(exact, reduced));
    assertArrayEquals(weights, model.weights().values());
  }

  @Test
  void aFileLoadsInAnyPrecision(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.keras");
    model().save(file);
    float[] x = Samples.floats(1, 11, 1);
    for (Precision precision : Precision.values()) {
      float[] expected = new float[5];
      model().freeze(precision).session(1).step(x, expected);
      float[] y = new float[5];
      Network.load(file, precision).session(1).step(x, y);
      Samples.assertBits(expected, y, precision + " from a file");
    }
  }
}
