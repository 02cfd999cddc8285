package dev.rill.training;

import dev.rill.tensor.RillException;

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019): {@link Adam} whose weight decay is 0.004 by default. */
public final class AdamW extends Adam {
  /** Describes it with Keras' defaults: rate 0.001, decay 0.004. */
  public AdamW() {
    this(0.001, 0.004);
  }

  /**
   * Describes it with Keras' defaults for the rest: 0.9, 0.999, 1e-7, no AMSGrad.
   *
   * @param learningRate the rate
   * @param weightDecay share of a weight, times the rate, that is taken off before each update
   */
  public AdamW(double learningRate, double weightDecay) {
    this(learningRate, weightDecay, 0.9, 0.999, 1e-7, false);
  }

  /**
   * Describes it.
   *
   * @param learningRate the rate
   * @param weightDecay share of a weight, times the rate, that is taken off before each update
   * @param beta1 share of the past in the mean gradient
   * @param beta2 share of the past in the mean square
   * @param epsilon what keeps the denominator from 0
   * @param amsgrad whether the largest mean square so far counts (Reddi 2018)
   * @throws RillException if a beta is not from 0 to 1, or another number is below 0
   */
  public AdamW(double learningRate, double weightDecay, double beta1, double beta2, double epsilon, boolean amsgrad) {
    super("AdamW", learningRate, weightDecay, beta1, beta2, epsilon, amsgrad);
  }
}
