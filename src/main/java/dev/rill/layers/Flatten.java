package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/** All numbers of a row one behind the other: (batch, time, features) becomes (batch, time * features). */
public final class Flatten extends Rearranged {
  /** Describes one. */
  public Flatten() {
    this(null);
  }

  private Flatten(String name) {
    super(name);
  }

  @Override
  public Flatten named(String name) {
    return new Flatten(name);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    checkKnown(input);
    return List.of(Shape.of(input.axis(0), size(input)));
  }
}
