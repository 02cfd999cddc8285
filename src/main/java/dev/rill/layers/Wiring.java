package dev.rill.layers;

import dev.rill.tensor.Shape;
import dev.rill.tensor.Weights;
import java.util.List;

/**
 * Where a program stands: the signals it reads and writes, the weights it is packed from, the planes of its state.
 *
 * @param layer the layer's name
 * @param index place of the program in its plan: where its scratch lies in a workspace
 * @param input signal read
 * @param initialState signals that replace the state at the start of a call; may be empty
 * @param outputs signals written
 * @param shape shape of the input
 * @param weights all weights of the model
 * @param slices this layer's variables in Keras' order
 * @param plane index of the first plane of its state
 */
record Wiring(String layer, int index, int input, int[] initialState, int[] outputs, Shape shape, float[] weights,
    List<Weights.Slice> slices, int plane) {

  /** Features of the input. */
  int features() {
    return shape.axis(-1);
  }

  /** Offset of one variable. */
  int at(int variable) {
    return slices.get(variable).at();
  }
}
