package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.variables.Initializer;
import dev.rill.variables.Variable;
import dev.rill.variables.VariableRules;
import java.util.Arrays;
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
   * The axis whose elements have figures of their own: mean, variance, gamma and beta.
   *
   * @return −1, the last, by default
   */
  public int axis() {
    return options.axes()[0];
  }

  /**
   * A copy with another axis.
   *
   * @param number counted from the batch, which is 0, or from the end; with 1 of a sequence each step has figures, so that their
   *     number must be known
   * @return the layer
   */
  public BatchNormalization axis(int number) {
    return axes(new int[] {number});
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

  /**
   * Which element of a figure goes with which number of a row.
   *
   * @param input batch axis included
   * @return as many axes as a row has, of size 1 but for the axis of the figures
   */
  public int[] spread(Shape input) {
    int size = figures(Require.given(input, "the shape that a layer reads")).size();
    int[] sizes = new int[input.rank() - 1];
    Arrays.fill(sizes, 1);
    sizes[axes(input)[0] - 1] = size;
    return sizes;
  }

  @Override
  public String needsWholeTime(List<Shape> inputs) {
    return overTime(only(inputs)) ? "has figures for each time step, and a stream has no last one" : null;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    Shape figures = figures(only(inputs));
    List<Variable> variables = gammaAndBeta(only(inputs), scale(), center());
    variables.add(new Variable("moving_mean", figures, mean, false));
    variables.add(new Variable("moving_variance", figures, variance, false));
    return variables;
  }
}
