package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Regularizer;
import java.util.List;

/** An activation function as a layer of its own. */
public final class Activation extends Layer {
  private final ActivationFunction function;
  private final Regularizer activityRegularizer;

  /**
   * Describes an activation.
   *
   * @param function what to apply
   */
  public Activation(ActivationFunction function) {
    this(null, function, null);
  }

  /**
   * Describes an activation by its name in Keras.
   *
   * @param function such as {@code relu}
   */
  public Activation(String function) {
    this(null, ActivationFunction.named(function), null);
  }

  private Activation(String name, ActivationFunction function, Regularizer activityRegularizer) {
    super(name);
    this.function = Require.given(function, "an activation function");
    this.activityRegularizer = activityRegularizer;
  }

  @Override
  public Regularizer activityRegularizer() {
    return activityRegularizer;
  }

  /**
   * A copy with a regularizer of its outputs; with the linear function this is Keras' {@code ActivityRegularization}.
   *
   * @param regularizer null, the default, for none
   * @return the layer
   */
  public Activation activityRegularizer(Regularizer regularizer) {
    return new Activation(name(), function, regularizer);
  }

  /**
   * What is applied.
   *
   * @return the function
   */
  public ActivationFunction function() {
    return function;
  }

  @Override
  public Activation named(String name) {
    return new Activation(name, function, activityRegularizer);
  }

  @Override
  public boolean perStep() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    boolean alongAxis = function == ActivationFunction.SOFTMAX || function == ActivationFunction.LOG_SOFTMAX;
    if (alongAxis && input.rank() > 3) {
      throw new UnsupportedException("layer " + label() + " is a softmax along the last axis of " + input
          + "; supported is that of (batch, features) and (batch, time, features)");
    }
    return List.of(input);
  }
}
