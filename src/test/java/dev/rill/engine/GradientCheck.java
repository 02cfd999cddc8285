package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.rill.engine.ops.GradientView;
import dev.rill.layers.Graph;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/** Holds a gradient against central differences in double precision. */
public final class GradientCheck {
  private static final double H = 1e-4;

  private GradientCheck() {}

  /** The gradient of the loss with respect to an input of a plan that computes it, laid out as the input. */
  static float[] ofInput(TrainingPlan plan, Graph graph, int input, int rows) {
    GradientView flow = plan.signal(graph.unfolded().inputs().get(input));
    float[] gradient = new float[rows * flow.steps * flow.width];
    for (int cell = 0; cell < rows * flow.steps; cell++) {
      System.arraycopy(flow.gradient, cell * flow.gradientStride, gradient,
          (cell % rows * flow.steps + cell / rows) * flow.width, flow.width);
    }
    return gradient;
  }

  /** The gradient of a scalar by differences of fourth order. */
  public static double[] differences(ToDoubleFunction<double[]> loss, double[] at) {
    double[] moved = at.clone();
    double[] gradient = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double near = moved(loss, moved, i, H / 2) - moved(loss, moved, i, -H / 2);
      double far = moved(loss, moved, i, H) - moved(loss, moved, i, -H);
      gradient[i] = (8 * near - far) / (6 * H);
    }
    return gradient;
  }

  private static double moved(ToDoubleFunction<double[]> loss, double[] at, int i, double by) {
    double before = at[i];
    at[i] = before + by;
    double value = loss.applyAsDouble(at);
    at[i] = before;
    return value;
  }

  /**
   * Fails at the worst element that is off by more than {@code tolerance}, relative to the element and to the root mean square
   * of the gradient together.
   *
   * @param what whose gradient it is, for the message
   * @param name name of an element
   */
  public static void check(String what, float[] analytic, double[] at, ToDoubleFunction<double[]> loss, double tolerance,
      IntFunction<String> name) {
    assertEquals(at.length, analytic.length, what + ": elements of the gradient");
    double[] expected = differences(loss, at);
    double squares = 0;
    for (double d : expected) {
      squares += d * d;
    }
    double scale = StrictMath.sqrt(squares / Math.max(1, expected.length));
    int wrong = 0;
    int worst = 0;
    double excess = 1;
    for (int i = 0; i < expected.length; i++) {
      // Differences themselves are only exact to about 1e-11.
      double off = Math.abs(analytic[i] - expected[i]) / (tolerance * (Math.abs(expected[i]) + scale) + 1e-9);
      // Written so that NaN counts as wrong.
      if (!(off <= 1)) {
        wrong++;
        if (!(off <= excess)) {
          worst = i;
          excess = off;
        }
      }
    }
    if (wrong > 0) {
      fail(what + ": " + wrong + " of " + expected.length + " elements are off, the worst " + name.apply(worst) + ": expected "
          + expected[worst] + ", got " + analytic[worst] + " (root mean square of the gradient " + scale + ")");
    }
  }
}
