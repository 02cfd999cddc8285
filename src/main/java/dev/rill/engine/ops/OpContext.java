package dev.rill.engine.ops;

import dev.rill.kernels.WeightFormat;
import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.List;

/**
 * Where an op stands: the signals it reads and writes, the weights it is packed from, the planes of its state. A mask is a
 * signal of one feature, not 0 where a step counts.
 *
 * @param layer the layer's name
 * @param index place of the op in its plan: where its scratch lies in a workspace
 * @param inputs signals read
 * @param masks for each of them the mask that is to be applied, or −1
 * @param initialState signals that replace the state at the start of a call; may be empty
 * @param outputs signals written
 * @param mask the mask of the first output, or −1
 * @param shapes shapes of the inputs, batch axis included
 * @param widths floats of one row and step of each input; 1 for ids
 * @param sequence whether the first input has a time axis
 * @param outputSteps steps of the first output as the structure knows them: 1 without a time axis, else {@code Shape.UNKNOWN} or a
 *     fixed number
 * @param packing in which numbers it packs them
 * @param weights all weights of the model
 * @param slices this layer's variables in Keras' order
 * @param plane index of the first plane of its state
 * @param shared whether another application of the layer carries the same state
 * @param outputPlane index of the plane of its last output, or −1 if it needs none
 */
public record OpContext(String layer, int index, int[] inputs, int[] masks, int[] initialState, int[] outputs, int mask,
    List<Shape> shapes, int[] widths, boolean sequence, int outputSteps, WeightFormat packing, float[] weights,
    List<Weights.Slice> slices, int plane, boolean shared, int outputPlane) {

  /** The first signal read. */
  int input() {
    return inputs[0];
  }

  /** Floats of one row and step of the first input. */
  public int features() {
    return widths[0];
  }

  /** Offset of one variable. */
  public int at(int variable) {
    return slices.get(variable).at();
  }
}
