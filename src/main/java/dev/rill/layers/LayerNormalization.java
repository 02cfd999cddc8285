package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.variables.Variable;
import java.util.List;

/**
 * Layer normalization (Ba 2016), as Keras computes it: mean and variance of each row over some axes, by default over the features of
 * each step. Over the time axis, 1, it reads whole sequences.
 *
 * <p>Variables: gamma and beta, unless switched off, with an element for each of those that are normalized together.
 */
public final class LayerNormalization extends NormalizationLayer<LayerNormalization> {
  private final boolean rmsScaling;

  /** Describes one with Keras' defaults: the last axis, epsilon 0.001. */
  public LayerNormalization() {
    this(null, Options.DEFAULT, false);
  }

  private LayerNormalization(String name, Options options, boolean rmsScaling) {
    super(name, options);
    this.rmsScaling = rmsScaling;
  }

  /**
   * The axes that are normalized together.
   *
   * @return a copy, −1 alone by default
   */
  public int[] axes() {
    return options.axes().clone();
  }

  /**
   * A copy with other axes.
   *
   * @param together counted from the batch, which is 0, or from the end; those of gamma and beta must have a known size
   * @return the layer
   */
  @Override
  public LayerNormalization axes(int... together) {
    return super.axes(Require.given(together, "the axes").clone());
  }

  /**
   * Whether numbers are only divided by the root of their variance plus epsilon, and multiplied by gamma: there is no beta, and the
   * mean stays in.
   *
   * @return false by default
   */
  public boolean rmsScaling() {
    return rmsScaling;
  }

  /**
   * A copy that leaves the mean in, or not, see {@link #rmsScaling()}.
   *
   * @param change false by default
   * @return the layer
   */
  public LayerNormalization rmsScaling(boolean change) {
    return new LayerNormalization(name(), options, change);
  }

  /**
   * Whether it has a gamma.
   *
   * @return false only if it is switched off and needed for nothing
   */
  public boolean hasGamma() {
    return scale() || rmsScaling;
  }

  /**
   * Whether it has a beta.
   *
   * @return true by default
   */
  public boolean hasBeta() {
    return center() && !rmsScaling;
  }

  /**
   * Whether numbers of one row are normalized together or apart.
   *
   * @param input batch axis included
   * @return for each axis of a row whether it is one of {@link #axes()}
   */
  public boolean[] together(Shape input) {
    int[] axes = axes(input);
    boolean[] together = new boolean[input.rank() - 1];
    for (int axis : axes) {
      together[axis - 1] = true;
    }
    return together;
  }

  @Override
  public LayerNormalization named(String name) {
    return new LayerNormalization(name, options, rmsScaling);
  }

  @Override
  LayerNormalization with(Options changed) {
    return new LayerNormalization(name(), changed, rmsScaling);
  }

  @Override
  public String needsWholeTime(List<Shape> inputs) {
    return overTime(only(inputs)) ? "normalizes over time, so each step depends on the later ones; run whole windows with predict" : null;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    return gammaAndBeta(only(inputs), hasGamma(), hasBeta());
  }
}
