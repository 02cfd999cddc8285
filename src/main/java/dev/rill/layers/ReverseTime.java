package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/** The steps of a sequence from the last to the first: what a layer that goes backwards gives, in the order of time again. */
public final class ReverseTime extends Layer {
  ReverseTime(String name) {
    super(name);
  }

  @Override
  public ReverseTime named(String name) {
    return new ReverseTime(name);
  }

  @Override
  String needsWholeTime() {
    return "turns time about and needs the whole time axis";
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() < 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    return List.of(input);
  }
}
