package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.util.List;

/** Where data enters a model: a shape and a name. */
public final class InputLayer extends Layer {
  private final Shape shape;
  private final String type;

  /**
   * Describes an input.
   *
   * @param shape (batch, time, features), (batch, features), or (batch, time) of ids for an {@link Embedding}; batch and time
   *     may be {@link Shape#UNKNOWN}; more axes behind the time are the features of a step
   * @throws UnsupportedException if it has less than two axes
   */
  public InputLayer(Shape shape) {
    this(null, shape, "float32");
  }

  private InputLayer(String name, Shape shape, String type) {
    super(name);
    this.shape = shape;
    this.type = type;
    Require.given(type, "what an input holds");
    if (Require.given(shape, "the shape of an input").rank() < 2) {
      throw new UnsupportedException("an input of shape " + shape + ": expected (batch, time, features) or (batch, features)");
    }
    for (int axis = 2; axis < shape.rank(); axis++) {
      if (shape.axis(axis) == Shape.UNKNOWN) {
        throw unsupported("known sizes behind batch and time", shape, "give the Input its number of features");
      }
    }
  }

  /**
   * The shape.
   *
   * @return batch axis included
   */
  public Shape shape() {
    return shape;
  }

  /**
   * What Keras' arrays for this input hold: ids mostly are {@code int32}.
   *
   * @return the name of a number type
   */
  public String type() {
    return type;
  }

  /**
   * Sets what Keras' arrays for this input hold; here they hold floats all the same.
   *
   * @param name {@code float32} by default
   * @return another description
   */
  public InputLayer type(String name) {
    return new InputLayer(name(), shape, name);
  }

  /**
   * The symbol a model starts with.
   *
   * @return a new symbol
   */
  public Symbol symbol() {
    return Symbol.call(this, List.of(), List.of(), true).get(0);
  }

  @Override
  public InputLayer named(String name) {
    return new InputLayer(name, shape, type);
  }

  @Override
  public boolean isInput() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    return List.of(shape);
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return null;
  }
}
