package dev.rill.training;

import java.util.List;

/** Adagrad (Duchi 2011) as in Keras: {@code a += g^2}, {@code w -= rate g / sqrt(a + 1e-7)}, a from 0.1. */
public final class Adagrad extends Optimizer {
  private static final float EPSILON = 1e-7f;

  /**
   * Describes it.
   *
   * @param learningRate the rate, Keras' default is 0.001
   */
  public Adagrad(double learningRate) {
    super(learningRate);
  }

  @Override
  public List<String> slots() {
    return List.of("accumulator");
  }

  @Override
  float initial(int slot) {
    return 0.1f;
  }

  @Override
  void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    float[] a = s.slots[0];
    for (int j = from; j < to; j++) {
      a[j] += g[j] * g[j];
      w[j] -= rate * g[j] / (float) Math.sqrt(a[j] + EPSILON);
    }
  }
}
