package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/** A layer whose output has its input's shape, each element a function of the one at its place, whatever the step. */
abstract class ElementwiseLayer extends Layer {
  ElementwiseLayer(String name) {
    super(name);
  }

  @Override
  public boolean perStep() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    return List.of(only(inputs, initialState));
  }
}
