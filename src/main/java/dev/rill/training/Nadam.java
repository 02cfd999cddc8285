package dev.rill.training;

import java.util.List;

/** Adam with Nesterov's momentum (Dozat 2016), as in Keras: coefficients 0.9 and 0.999, epsilon 1e-7, decay 0.96. */
public final class Nadam extends Optimizer {
  private static final float BETA_1 = 0.9f;
  private static final float BETA_2 = 0.999f;
  private static final float EPSILON = 1e-7f;

  /**
   * Describes it.
   *
   * @param learningRate the rate, Keras' default is 0.001
   */
  public Nadam(double learningRate) {
    super(learningRate);
  }

  @Override
  public List<String> slots() {
    return List.of("momentum", "velocity");
  }

  private static float coefficient(long t) {
    return BETA_1 * (1 - 0.5f * Adam.power(0.96f, t));
  }

  @Override
  void prepare(OptimizerState s) {
    s.product = (float) (s.product * coefficient(s.iterations() + 1));
  }

  @Override
  void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    float[] m = s.slots[0];
    float[] v = s.slots[1];
    long t = s.iterations() + 1;
    float now = coefficient(t);
    float next = coefficient(t + 1);
    float product = (float) s.product;
    float nextProduct = product * next;
    float correction = 1 - Adam.power(BETA_2, t);
    for (int j = from; j < to; j++) {
      m[j] += (g[j] - m[j]) * (1 - BETA_1);
      v[j] += (g[j] * g[j] - v[j]) * (1 - BETA_2);
      float mean = next * m[j] / (1 - nextProduct) + (1 - now) * g[j] / (1 - product);
      w[j] -= mean * rate / ((float) Math.sqrt(v[j] / correction) + EPSILON);
    }
  }
}
