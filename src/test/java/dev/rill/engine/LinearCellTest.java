package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.ModelLayer;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Tensor;
import dev.rill.training.FitContext;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Linear activations and small integer weights: every result is an exact integer, so a swapped gate, a transposed
 * kernel or a lost bias cannot hide behind rounding. The expected values come from the equations in integer arithmetic.
 */
class LinearCellTest {
  private static final int[] UNITS = {1, 2, 3, 5, 8, 13, 16, 17, 33};
  private static final int IN = 4;
  private static final int STEPS = 2;
  private static final int ROWS = 5;
  private static final long EXACT = 1L << 24;

  /** Small integer weights and inputs, and the answer of the layer under test. */
  private static final class FitContext {
    final Tensor kernel;
    final Tensor recurrent;
    final Tensor bias;
    final Tensor x;
    final Tensor y;

    FitContext(Layer layer, long seed) {
      Sequential model = Sequential.of(Input.shape(STEPS, IN), layer);
      ModelLayer own = model.layers().get(1);
      List<Tensor> weights = new ArrayList<>();
      for (Tensor w : own.weights()) {
        weights.add(Tensor.of(Samples.integers(++seed, w.size(), 1), w.shape().toArray()));
      }
      own.weights(weights);
      kernel = weights.get(0);
      boolean dense = layer instanceof Dense;
      recurrent = dense ? null : weights.get(1);
      bias = weights.get(weights.size() - 1);
      x = Tensor.of(Samples.integers(++seed, ROWS * STEPS * IN, 2), ROWS, STEPS, IN);
      y = model.predict(x);
    }

    /** One column of x @ kernel (+ bias). */
    long input(int row, int step, int column) {
      long sum = 0;
      for (int i = 0; i < IN; i++) {
        sum += (long) x.get(row, step, i) * (long) kernel.get(i, column);
      }
      return sum;
    }

    /** One column of h @ recurrent. */
    long state(long[] h, int column) {
      long sum = 0;
      for (int i = 0; i < h.length; i++) {
        sum += h[i] * (long) recurrent.get(i, column);
      }
      return sum;
    }

    void check(int row, int step, int unit, long expected) {
      assertTrue(Math.abs(expected) < EXACT, "the test's numbers are too large to be exact");
      assertEquals(expected, y.get(row, step, unit), 0, "row " + row + ", step " + step + ", unit " + unit + " of "
          + y.shape());
    }
  }

  @Test
  void lstmGatesStandInTheOrderInputForgetCandidateOutput() {
    for (int u : UNITS) {
      FitContext run = new FitContext(new LSTM(u).activation("linear").recurrentActivation("linear").returnSequences(true), u);
      for (int row = 0; row < ROWS; row++) {
        long[] h = new long[u];
        long[] c = new long[u];
        for (int t = 0; t < STEPS; t++) {
          long[] next = new long[u];
          for (int j = 0; j < u; j++) {
            long[] z = new long[4];
            for (int g = 0; g < 4; g++) {
              z[g] = run.input(row, t, g * u + j) + run.state(h, g * u + j) + (long) run.bias.get(g * u + j);
            }
            c[j] = z[1] * c[j] + z[0] * z[2];
            next[j] = z[3] * c[j];
            run.check(row, t, j, next[j]);
          }
          h = next;
        }
      }
    }
  }

  @Test
  void gruGatesStandInTheOrderUpdateResetCandidateAndTheResetComesAfterTheProduct() {
    for (int u : UNITS) {
      FitContext run = new FitContext(new GRU(u).activation("linear").recurrentActivation("linear").returnSequences(true), u);
      for (int row = 0; row < ROWS; row++) {
        long[] h = new long[u];
        for (int t = 0; t < STEPS; t++) {
          long[] next = new long[u];
          for (int j = 0; j < u; j++) {
            long[] a = new long[3];
            long[] b = new long[3];
            for (int g = 0; g < 3; g++) {
              a[g] = run.input(row, t, g * u + j) + (long) run.bias.get(0, g * u + j);
              b[g] = run.state(h, g * u + j) + (long) run.bias.get(1, g * u + j);
            }
            long z = a[0] + b[0];
            long candidate = a[2] + (a[1] + b[1]) * b[2];
            next[j] = z * h[j] + (1 - z) * candidate;
            run.check(row, t, j, next[j]);
          }
          h = next;
        }
      }
    }
  }

  @Test
  void gruWithoutResetAfterResetsBeforeTheProductAndHasOneBias() {
    for (int u : UNITS) {
      FitContext run = new FitContext(
          new GRU(u).resetAfter(false).activation("linear").recurrentActivation("linear").returnSequences(true), u);
      for (int row = 0; row < ROWS; row++) {
        long[] h = new long[u];
        for (int t = 0; t < STEPS; t++) {
          long[] reset = new long[u];
          for (int j = 0; j < u; j++) {
            reset[j] = h[j] * (run.input(row, t, u + j) + run.state(h, u + j) + (long) run.bias.get(u + j));
          }
          long[] next = new long[u];
          for (int j = 0; j < u; j++) {
            long z = run.input(row, t, j) + run.state(h, j) + (long) run.bias.get(j);
            long candidate = run.input(row, t, 2 * u + j) + run.state(reset, 2 * u + j)
                + (long) run.bias.get(2 * u + j);
            next[j] = z * h[j] + (1 - z) * candidate;
            run.check(row, t, j, next[j]);
          }
          h = next;
        }
      }
    }
  }

  @Test
  void simpleRnn() {
    for (int u : UNITS) {
      FitContext run = new FitContext(new SimpleRNN(u).activation("linear").returnSequences(true), u);
      for (int row = 0; row < ROWS; row++) {
        long[] h = new long[u];
        for (int t = 0; t < STEPS; t++) {
          long[] next = new long[u];
          for (int j = 0; j < u; j++) {
            next[j] = run.input(row, t, j) + run.state(h, j) + (long) run.bias.get(j);
            run.check(row, t, j, next[j]);
          }
          h = next;
        }
      }
    }
  }

  @Test
  void denseOnEveryStep() {
    for (int u : UNITS) {
      FitContext run = new FitContext(new Dense(u), u);
      for (int row = 0; row < ROWS; row++) {
        for (int t = 0; t < STEPS; t++) {
          for (int j = 0; j < u; j++) {
            run.check(row, t, j, run.input(row, t, j) + (long) run.bias.get(j));
          }
        }
      }
    }
  }

  @Test
  void timeDistributedDenseEqualsDense() {
    Dense dense = new Dense(7).activation("tanh");
    Symbol input = Input.shape(STEPS, IN);
    Model one = Model.of(input, dense.apply(input));
    Symbol again = Input.shape(STEPS, IN);
    Model two = Model.of(again, new TimeDistributed(dense).apply(again));
    two.layers().get(1).weights(one.layers().get(1).weights());
    Tensor x = Tensor.of(Samples.floats(1, ROWS * STEPS * IN, 1), ROWS, STEPS, IN);
    Samples.assertBits(one.predict(x).toArray(), two.predict(x).toArray(), "TimeDistributed");
  }
}
