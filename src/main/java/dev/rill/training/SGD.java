package dev.rill.training;

import dev.rill.tensor.RillException;
import java.util.List;

/** Gradient descent: {@code w -= rate g}; with momentum {@code v = momentum v - rate g}, {@code w += v} (or Nesterov's form). */
public final class SGD extends Optimizer {
  private final double momentum;
  private final boolean nesterov;

  /** Describes it with Keras' rate of 0.01, without momentum. */
  public SGD() {
    this(0.01);
  }

  /**
   * Describes it without momentum.
   *
   * @param learningRate the rate
   */
  public SGD(double learningRate) {
    this(learningRate, 0, false);
  }

  /**
   * Describes it.
   *
   * @param learningRate the rate
   * @param momentum share of the last step that is made again, 0 to 1
   * @param nesterov whether the gradient is taken to be that one step ahead (Nesterov 1983)
   * @throws RillException if the rate is below 0 or the momentum is not from 0 to 1
   */
  public SGD(double learningRate, double momentum, boolean nesterov) {
    super("SGD", learningRate, 0);
    this.momentum = share("a momentum", momentum);
    this.nesterov = nesterov;
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
   * Whether the gradient is taken to be that one step ahead.
   *
   * @return false by default
   */
  public boolean nesterov() {
    return nesterov;
  }

  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : List.of("momentum");
  }

  @Override
  void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    if (momentum == 0) {
      for (int j = from; j < to; j++) {
        w[j] -= rate * g[j];
      }
      return;
    }
    float[] v = s.slots[0];
    float share = (float) momentum;
    for (int j = from; j < to; j++) {
      float step = rate * g[j];
      float moved = v[j] * share - step;
      v[j] = moved;
      w[j] += nesterov ? moved * share - step : moved;
    }
  }
}
