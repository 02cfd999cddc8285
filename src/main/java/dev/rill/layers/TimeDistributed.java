package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.Weights;
import dev.rill.variables.VariableRules;
import java.util.List;

/**
 * A dense layer at every time step of a sequence; the same numbers as the dense layer itself on that sequence. An activity
 * regularizer of the dense layer has no effect here, as in Keras.
 */
public final class TimeDistributed extends Layer {
  private final Dense layer;

  /**
   * Wraps a dense layer.
   *
   * @param layer what to apply at every step
   */
  public TimeDistributed(Dense layer) {
    this(null, layer);
  }

  private TimeDistributed(String name, Dense layer) {
    super(name);
    this.layer = layer;
  }

  /**
   * The layer that is applied.
   *
   * @return the dense layer
   */
  public Dense layer() {
    return layer;
  }

  @Override
  public TimeDistributed named(String name) {
    return new TimeDistributed(name, layer);
  }

  @Override
  List<Shape> outputs(Shape input, List<Shape> initialState) {
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    return layer.outputs(input, initialState);
  }

  @Override
  boolean heedsMask() {
    return true;
  }

  @Override
  List<Weights.Variable> variables(Shape input) {
    return layer.variables(input);
  }

  @Override
  public boolean trainable() {
    return layer.trainable();
  }

  @Override
  List<VariableRules> rules() {
    return layer.rules();
  }

  @Override
  InferenceOp program(OpContext wiring) {
    return layer.program(wiring);
  }

  @Override
  TrainingOp training(TrainingOpContext wiring) {
    return layer.training(wiring);
  }
}
