package dev.rill.training;

import dev.rill.tensor.RillException;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton 2012) as in Keras: {@code v = rho v + (1 - rho) g^2}, {@code w -= rate g / sqrt(v + epsilon)};
 * centered, the square of the mean gradient is taken off v; with momentum, steps add up.
 */
public final class RMSprop extends Optimizer {
  private final double rho;
  private final double momentum;
  private final double epsilon;
  private final boolean centered;
  private boolean outside;

  /** Describes it with Keras' defaults: rate 0.001. */
  public RMSprop() {
    this(0.001);
  }

  /**
   * Describes it with Keras' defaults: rho 0.9, no momentum, epsilon 1e-7, not centered.
   *
   * @param learningRate the rate
   */
  public RMSprop(double learningRate) {
    this(learningRate, 0.9, 0, 1e-7, false);
  }

  /**
   * Describes it.
   *
   * @param learningRate the rate
   * @param rho share of the past in the mean
   * @param momentum share of the last step that is made again
   * @param epsilon what keeps the root from 0
   * @param centered whether the variance is used rather than the mean square
   * @throws RillException if rho or momentum are not from 0 to 1, or another number is below 0
   */
  public RMSprop(double learningRate, double rho, double momentum, double epsilon, boolean centered) {
    super("RMSprop", learningRate, 0);
    this.rho = share("a rho", rho);
    this.momentum = share("a momentum", momentum);
    this.epsilon = notNegative("an epsilon", epsilon);
    this.centered = centered;
  }

  /**
   * The share of the past in the mean.
   *
   * @return 0.9 by default
   */
  public double rho() {
    return rho;
  }

  /**
   * The share of the last step that is made again.
   *
   * @return 0 by default
   */
  public double momentum() {
    return momentum;
  }

  /**
   * What keeps the root from 0.
   *
   * @return 1e-7 by default
   */
  public double epsilon() {
    return epsilon;
  }

  /**
   * Whether the variance is used rather than the mean square.
   *
   * @return false by default
   */
  public boolean centered() {
    return centered;
  }

  /**
   * Where epsilon is added: under the root as in Keras 3, or to the root as in Keras 1 and 2, whose rule is
   * {@code w -= rate g / (sqrt(v) + epsilon)}.
   *
   * @param outside false by default
   * @return another description; a file of Keras 3 cannot say so and gets the square of epsilon instead, which differs by the share
   *     epsilon / sqrt(v) of a step
   */
  public RMSprop epsilonOutsideRoot(boolean outside) {
    RMSprop changed = (RMSprop) copy();
    changed.outside = outside;
    return changed;
  }

  /**
   * Whether epsilon is added to the root.
   *
   * @return false by default: it is added to what the root is taken of
   */
  public boolean epsilonOutsideRoot() {
    return outside;
  }

  @Override
  public List<String> slots() {
    if (momentum > 0) {
      return centered ? List.of("velocity", "momentum", "average_gradient") : List.of("velocity", "momentum");
    }
    return centered ? List.of("velocity", "average_gradient") : List.of("velocity");
  }

  @Override
  void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    float[] v = s.slots[0];
    float keep = (float) rho;
    float take = (float) (1 - rho);
    float eps = (float) epsilon;
    if (momentum == 0 && !centered) {
      for (int j = from; j < to; j++) {
        v[j] = keep * v[j] + take * (g[j] * g[j]);
        w[j] -= rate * g[j] / root(v[j], eps, outside);
      }
      return;
    }
    float[] m = momentum > 0 ? s.slots[1] : null;
    float[] a = centered ? s.slots[s.slots.length - 1] : null;
    float share = (float) momentum;
    for (int j = from; j < to; j++) {
      v[j] = keep * v[j] + take * (g[j] * g[j]);
      float d = v[j];
      if (centered) {
        a[j] = keep * a[j] + take * g[j];
        d -= a[j] * a[j];
      }
      float step = rate * g[j] / root(d, eps, outside);
      if (momentum > 0) {
        m[j] = share * m[j] + step;
        step = m[j];
      }
      w[j] -= step;
    }
  }
}
