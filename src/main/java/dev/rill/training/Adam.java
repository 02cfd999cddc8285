package dev.rill.training;

import dev.rill.tensor.RillException;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015) as in Keras: {@code m += (g - m)(1 - beta1)}, {@code v += (g^2 - v)(1 - beta2)},
 * {@code w -= m alpha / (sqrt(v) + epsilon)} with {@code alpha = rate sqrt(1 - beta2^t) / (1 - beta1^t)}. AMSGrad uses the
 * largest v so far.
 */
public class Adam extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final boolean amsgrad;

  /** Describes it with Keras' defaults: rate 0.001. */
  public Adam() {
    this(0.001);
  }

  /**
   * Describes it with Keras' defaults: 0.9, 0.999, 1e-7, no AMSGrad.
   *
   * @param learningRate the rate
   */
  public Adam(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-7, false);
  }

  /**
   * Describes it.
   *
   * @param learningRate the rate
   * @param beta1 share of the past in the mean gradient
   * @param beta2 share of the past in the mean square
   * @param epsilon what keeps the denominator from 0
   * @param amsgrad whether the largest mean square so far counts (Reddi 2018)
   * @throws RillException if a beta is not from 0 to 1, or another number is below 0
   */
  public Adam(double learningRate, double beta1, double beta2, double epsilon, boolean amsgrad) {
    this("Adam", learningRate, 0, beta1, beta2, epsilon, amsgrad);
  }

  Adam(String className, double learningRate, double weightDecay, double beta1, double beta2, double epsilon,
      boolean amsgrad) {
    super(className, learningRate, weightDecay);
    this.beta1 = share("beta 1", beta1);
    this.beta2 = share("beta 2", beta2);
    this.epsilon = notNegative("an epsilon", epsilon);
    this.amsgrad = amsgrad;
  }

  /**
   * The share of the past in the mean gradient.
   *
   * @return 0.9 by default
   */
  public final double beta1() {
    return beta1;
  }

  /**
   * The share of the past in the mean square.
   *
   * @return 0.999 by default
   */
  public final double beta2() {
    return beta2;
  }

  /**
   * What keeps the denominator from 0.
   *
   * @return 1e-7 by default
   */
  public final double epsilon() {
    return epsilon;
  }

  /**
   * Whether the largest mean square so far counts.
   *
   * @return false by default
   */
  public final boolean amsgrad() {
    return amsgrad;
  }

  @Override
  public final List<String> slots() {
    return amsgrad ? List.of("momentum", "velocity", "velocity_hat") : List.of("momentum", "velocity");
  }

  @Override
  public final int interleaved() {
    return 2;
  }

  @Override
  final void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    float[] m = s.slots[0];
    float[] v = s.slots[1];
    long t = s.iterations() + 1;
    float alpha = rate * (float) Math.sqrt(1 - power(beta2, t)) / (1 - power(beta1, t));
    float take1 = (float) (1 - beta1);
    float take2 = (float) (1 - beta2);
    float eps = (float) epsilon;
    if (amsgrad) {
      float[] top = s.slots[2];
      for (int j = from; j < to; j++) {
        m[j] += (g[j] - m[j]) * take1;
        v[j] += (g[j] * g[j] - v[j]) * take2;
        top[j] = Math.max(top[j], v[j]);
        w[j] -= m[j] * alpha / ((float) Math.sqrt(top[j]) + eps);
      }
      return;
    }
    for (int j = from; j < to; j++) {
      m[j] += (g[j] - m[j]) * take1;
      v[j] += (g[j] * g[j] - v[j]) * take2;
      w[j] -= m[j] * alpha / ((float) Math.sqrt(v[j]) + eps);
    }
  }

  /** Keras raises the coefficient as a float32. Squared and multiplied, because StrictMath.pow allocates. */
  static float power(double beta, long t) {
    double power = 1;
    double square = (float) beta;
    for (long n = t; n > 0; n >>= 1) {
      power *= (n & 1) == 0 ? 1 : square;
      square *= square;
    }
    return (float) power;
  }
}
