package dev.rill.serving;

import dev.rill.Network;
import dev.rill.Predictor;
import dev.rill.Session;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a network has to show before it takes over: that its outputs are finite, and that recorded cases come out as recorded.
 * Immutable.
 */
public final class Probe {
  private static final int STEPS = 16;

  private record Case(float[] x, float[] y, float tolerance) {}

  private final List<Case> cases;

  private Probe(List<Case> cases) {
    this.cases = cases;
  }

  /**
   * Sixteen steps of zeros and ones give finite outputs.
   *
   * @return a probe that asks for that alone
   */
  public static Probe finite() {
    return new Probe(List.of());
  }

  /**
   * Asks for a recorded case as well.
   *
   * @param x inputs of a new stream, [steps][in], or a window; copied
   * @param y its outputs, [steps][out], or what is said of the window; copied
   * @param tolerance largest difference that is fine
   * @return a probe that asks for more
   */
  public Probe expect(float[] x, float[] y, float tolerance) {
    List<Case> more = new ArrayList<>(cases);
    if (!(tolerance >= 0)) {
      throw new ShapeException("the tolerance is " + tolerance + ": expected 0 or more");
    }
    more.add(new Case(Require.given(x, "the recorded inputs").clone(), Require.given(y, "the recorded outputs").clone(), tolerance));
    return new Probe(List.copyOf(more));
  }

  /** Returns the number of recorded cases. */
  @Override
  public String toString() {
    return "Probe of finite outputs and " + cases.size() + " recorded cases";
  }

  /** Refuses a network that does not pass; its requests are windows of so many steps, or single steps if that is 0. */
  void check(Network network, int window) {
    float[] x = new float[(window > 0 ? window : STEPS) * network.inputFeatures(0)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i + i / network.inputFeatures(0)) & 1;
    }
    compare(network, window, new Case(x, null, 0), "the probe of zeros and ones");
    for (int c = 0; c < cases.size(); c++) {
      compare(network, window, cases.get(c), "recorded case " + c);
    }
  }

  private static void compare(Network network, int window, Case expected, String what) {
    float[] y = window > 0 ? predict(network, window, expected.x, what) : step(network, expected.x, what);
    if (expected.y != null && expected.y.length != y.length) {
      throw new ShapeException(what + " has " + expected.y.length + " outputs for " + expected.x.length + " inputs: expected " + y.length);
    }
    int out = network.outputFeatures(0);
    for (int i = 0; i < y.length; i++) {
      boolean finite = Float.isFinite(y[i]);
      if (!finite || expected.y != null && !(Math.abs(y[i] - expected.y[i]) <= expected.tolerance)) {
        throw new StateException(what + ": output " + i % out + " of step " + i / out + " is " + y[i]
            + (finite ? ", expected " + expected.y[i] + " to " + expected.tolerance : "") + "; the network does not take over");
      }
    }
  }

  private static float[] step(Network network, float[] x, String what) {
    int in = network.inputFeatures(0);
    int out = network.outputFeatures(0);
    if (x.length % in != 0) {
      throw new ShapeException(what + " has " + x.length + " inputs: expected [steps][" + in + "]");
    }
    int steps = x.length / in;
    float[] y = new float[steps * out];
    float[] one = new float[out];
    Session session = network.session(1);
    for (int step = 0; step < steps; step++) {
      session.step(Arrays.copyOfRange(x, step * in, (step + 1) * in), one);
      System.arraycopy(one, 0, y, step * out, out);
    }
    return y;
  }

  private static float[] predict(Network network, int window, float[] x, String what) {
    if (x.length != WindowRows.inputs(network, window)) {
      throw new ShapeException(what + " has " + x.length + " inputs: expected [" + window + "][" + network.inputFeatures(0) + "]");
    }
    Predictor predictor = WindowRows.predictor(network, window);
    float[] y = new float[WindowRows.outputs(network, predictor, window)];
    predictor.run(1, window, x, y);
    return y;
  }
}
