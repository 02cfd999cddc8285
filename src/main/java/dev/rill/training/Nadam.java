package dev.rill.training;

import dev.rill.tensor.RillException;
import java.util.List;

/** Adam with Nesterov's momentum (Dozat 2016), as in Keras: the momentum's coefficient grows by {@code 1 - 0.96^t / 2}. */
public final class Nadam extends Optimizer {
  private static final float DECAY = 0.96f;

  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /** Describes it with Keras' defaults: rate 0.001. */
  public Nadam() {
    this(0.001);
  }

  /**
   * Describes it with Keras' defaults: 0.9, 0.999, 1e-7.
   *
   * @param learningRate the rate
   */
  public Nadam(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-7);
  }

  /**
   * Describes it.
   *
   * @param learningRate the rate
   * @param beta1 share of the past in the mean gradient
   * @param beta2 share of the past in the mean square
   * @param epsilon what keeps the denominator from 0
   * @throws RillException if a beta is not from 0 to 1, or another number is below 0
   */
  public Nadam(double learningRate, double beta1, double beta2, double epsilon) {
    super("Nadam", learningRate, 0);
    this.beta1 = share("beta 1", beta1);
    this.beta2 = share("beta 2", beta2);
    this.epsilon = notNegative("an epsilon", epsilon);
  }

  /**
   * The share of the past in the mean gradient.
   *
   * @return 0.9 by default
   */
  public double beta1() {
    return beta1;
  }

  /**
   * The share of the past in the mean square.
   *
   * @return 0.999 by default
   */
  public double beta2() {
    return beta2;
  }

  /**
   * What keeps the denominator from 0.
   *
   * @return 1e-7 by default
   */
  public double epsilon() {
    return epsilon;
  }

  @Override
  public List<String> slots() {
    return List.of("momentum", "velocity");
  }

  @Override
  public int interleaved() {
    return 2;
  }

  private static float growth(long t) {
    return 1 - 0.5f * Adam.power(DECAY, t);
  }

  @Override
  void prepare(OptimizerState s) {
    s.product = s.product * (float) beta1 * growth(s.iterations() + 1);
  }

  @Override
  void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    float[] m = s.slots[0];
    float[] v = s.slots[1];
    long t = s.iterations() + 1;
    float b1 = (float) beta1;
    float b2 = (float) beta2;
    float eps = (float) epsilon;
    float now = b1 * growth(t);
    float next = b1 * growth(t + 1);
    float product = s.product;
    float nextProduct = product * next;
    float correction = 1 - Adam.power(beta2, t);
    for (int j = from; j < to; j++) {
      m[j] += (g[j] - m[j]) * (1 - b1);
      v[j] += (g[j] * g[j] - v[j]) * (1 - b2);
      float mean = next * m[j] / (1 - nextProduct) + (1 - now) * g[j] / (1 - product);
      w[j] -= mean * rate / ((float) Math.sqrt(v[j] / correction) + eps);
    }
  }
}
