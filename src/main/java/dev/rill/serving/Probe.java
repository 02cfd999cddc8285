package dev.rill.serving;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.util.ArrayList;
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
   * @param x inputs of a new stream, [steps][in]; copied
   * @param y its outputs, [steps][out]; copied
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

  /** Refuses a network that does not pass. */
  void check(Network network) {
    float[] x = new float[STEPS * network.inputFeatures(0)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i + i / network.inputFeatures(0)) & 1;
    }
    run(network, x, null, 0, "the probe of zeros and ones");
    for (int c = 0; c < cases.size(); c++) {
      Case recorded = cases.get(c);
      run(network, recorded.x, recorded.y, recorded.tolerance, "recorded case " + c);
    }
  }

  private static void run(Network network, float[] x, float[] expected, float tolerance, String what) {
    int in = network.inputFeatures(0);
    int out = network.outputFeatures(0);
    int steps = x.length / in;
    if (x.length % in != 0 || expected != null && expected.length != steps * out) {
      throw new ShapeException(what + " has " + x.length + " inputs" + (expected == null ? "" : " and " + expected.length + " outputs")
          + ": expected [steps][" + in + "] and [steps][" + out + "]");
    }
    Session session = network.session(1);
    float[] one = new float[in];
    float[] y = new float[out];
    for (int step = 0; step < steps; step++) {
      System.arraycopy(x, step * in, one, 0, in);
      session.step(one, y);
      for (int j = 0; j < out; j++) {
        if (!Float.isFinite(y[j])) {
          throw new StateException(what + ": output " + j + " of step " + step + " is " + y[j] + "; the network does not take over");
        }
        if (expected != null && !(Math.abs(y[j] - expected[step * out + j]) <= tolerance)) {
          throw new StateException(what + ": output " + j + " of step " + step + " is " + y[j] + ", expected "
              + expected[step * out + j] + " to " + tolerance + "; the network does not take over");
        }
      }
    }
  }
}
