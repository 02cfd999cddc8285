package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.variables.Initializer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.List;

/**
 * Batch normalization (Ioffe and Szegedy 2015), as Keras computes it. At inference mean and variance are moving averages, so every
 * step is treated alike and a stream is, too. In training they are those of the batch, over rows and steps that count, and the
 * averages follow: {@code average = average * momentum + value * (1 - momentum)} (of the variance the biased one). A layer that is
 * not trainable uses and keeps its averages.
 *
 * <p>Variables: gamma and beta, unless switched off; then the moving mean and variance, which no optimizer changes.
 */
public final class BatchNormalization extends NormalizationLayer<BatchNormalization> {
  private final double momentum;
  private final VariableRules mean;
  private final VariableRules variance;
  private final boolean eachStep;

  /** Describes one with Keras' defaults: momentum 0.99, epsilon 0.001. */
  public BatchNormalization() {
    this(null, Options.DEFAULT, 0.99, VariableRules.startingAs(Initializer.zeros()), VariableRules.startingAs(Initializer.ones()),
        false);
  }

  private BatchNormalization(String name, Options options, double momentum, VariableRules mean, VariableRules variance, boolean eachStep) {
    super(name, options);
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new RillException("layer " + label() + ": expected a momentum from 0 to 1, got " + momentum);
    }
    this.momentum = momentum;
    this.mean = mean;
    this.variance = variance;
    this.eachStep = eachStep;
  }

  /**
   * What is kept of the moving averages in each update.
   *
   * @return 0.99 by default
   */
  public double momentum() {
    return momentum;
  }

  /**
   * How the moving mean starts.
   *
   * @return zeros by default
   */
  public Initializer movingMeanInitializer() {
    return mean.initializer();
  }

  /**
   * How the moving variance starts.
   *
   * @return ones by default
   */
  public Initializer movingVarianceInitializer() {
    return variance.initializer();
  }

  /**
   * A copy with another momentum.
   *
   * @param kept from 0 to 1, 0.99 by default
   * @return the layer
   */
  public BatchNormalization momentum(double kept) {
    return new BatchNormalization(name(), options, kept, mean, variance, eachStep);
  }

  /**
   * A copy whose moving averages start otherwise.
   *
   * @param ofMean zeros by default
   * @param ofVariance ones by default
   * @return the layer
   */
  public BatchNormalization movingInitializers(Initializer ofMean, Initializer ofVariance) {
    return new BatchNormalization(name(), options, momentum, VariableRules.startingAs(ofMean), VariableRules.startingAs(ofVariance),
        eachStep);
  }

  @Override
  public BatchNormalization named(String name) {
    return new BatchNormalization(name, options, momentum, mean, variance, eachStep);
  }

  @Override
  BatchNormalization with(Options changed) {
    return new BatchNormalization(name(), changed, momentum, mean, variance, eachStep);
  }

  /**
   * Whether mean and variance of a batch are those of each step, so that the averages move once a step: within TimeDistributed.
   *
   * @return false by default
   */
  public boolean eachStep() {
    return eachStep;
  }

  @Override
  public boolean mixesRows() {
    return true;
  }

  @Override
  BatchNormalization atEachStep() {
    return new BatchNormalization(name(), options, momentum, mean, variance, true);
  }

  @Override
  public boolean takesMask() {
    return true;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    Shape features = Shape.of(features(only(inputs)));
    List<Variable> variables = gammaAndBeta(only(inputs));
    variables.add(new Variable("moving_mean", features, mean, false));
    variables.add(new Variable("moving_variance", features, variance, false));
    return variables;
  }
}
