package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.variables.Variable;
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
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    return layer.outputs(inputs, initialState);
  }

  @Override
  public boolean takesMask() {
    return true;
  }

  @Override
  public List<Variable> variables(List<Shape> inputs) {
    return layer.variables(inputs);
  }

  @Override
  public boolean trainable() {
    return layer.trainable();
  }

  @Override
  public List<Layer> wrapped() {
    return List.of(layer);
  }

  @Override
  public long multiplyAdds(Shape input) {
    return layer.multiplyAdds(input);
  }
}
