package dev.rill.training;

import dev.rill.tensor.RillException;
import java.util.List;

/** Adagrad (Duchi 2011) as in Keras: {@code a += g^2}, {@code w -= rate g / sqrt(a + epsilon)}. */
public final class Adagrad extends Optimizer {
  private final double initialAccumulator;
  private final double epsilon;
  private boolean outside;

  /** Describes it with Keras' defaults: rate 0.001. */
  public Adagrad() {
    this(0.001);
  }

  /**
   * Describes it with Keras' defaults: accumulators from 0.1, epsilon 1e-7.
   *
   * @param learningRate the rate
   */
  public Adagrad(double learningRate) {
    this(learningRate, 0.1, 1e-7);
  }

  /**
   * Describes it.
   *
   * @param learningRate the rate
   * @param initialAccumulator what the sums of squares start at
   * @param epsilon what keeps the root from 0
   * @throws RillException if a number is below 0
   */
  public Adagrad(double learningRate, double initialAccumulator, double epsilon) {
    super("Adagrad", learningRate, 0);
    this.initialAccumulator = notNegative("an initial accumulator", initialAccumulator);
    this.epsilon = notNegative("an epsilon", epsilon);
  }

  /**
   * What the sums of squares start at.
   *
   * @return 0.1 by default
   */
  public double initialAccumulator() {
    return initialAccumulator;
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
   * Where epsilon is added: under the root as in Keras 3, or to the root as in Keras 1 and 2, whose rule is
   * {@code w -= rate g / (sqrt(a) + epsilon)}.
   *
   * @param outside false by default
   * @return another description; a file of Keras 3 cannot say so and gets the square of epsilon instead, which differs by the share
   *     epsilon / sqrt(a) of a step
   */
  public Adagrad epsilonOutsideRoot(boolean outside) {
    Adagrad changed = (Adagrad) copy();
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
    return List.of("accumulator");
  }

  @Override
  float initial(int slot) {
    return (float) initialAccumulator;
  }

  @Override
  void update(OptimizerState s, float rate, float[] w, float[] g, int from, int to) {
    float[] a = s.slots[0];
    float eps = (float) epsilon;
    for (int j = from; j < to; j++) {
      a[j] += g[j] * g[j];
      w[j] -= rate * g[j] / root(a[j], eps, outside);
    }
  }
}
