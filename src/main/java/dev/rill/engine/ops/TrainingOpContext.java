package dev.rill.engine.ops;

import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.List;

/**
 * Where an op in training stands: the signals it reads and writes, its variables, the planes of its state.
 *
 * @param index place of the layer in its model: what its random numbers are a function of
 * @param inputs signals read
 * @param shapes shapes of the inputs, batch axis included
 * @param mask the mask that a recurrent layer applies; null if every step counts
 * @param initialState signals that replace the state at the start of a call; may be empty
 * @param outputs signals written
 * @param slices the layer's variables in Keras' order
 * @param plane index of the first plane of its state, or −1 if it starts at zero on each call
 * @param trained whether the layer is, and every layer that it stands in
 */
public record TrainingOpContext(int index, List<GradientView> inputs, List<Shape> shapes, StepMask mask,
    List<GradientView> initialState, List<GradientView> outputs, List<Weights.Slice> slices, int plane, boolean trained) {

  public GradientView input(int i) {
    return inputs.get(i);
  }

  public GradientView output(int i) {
    return outputs.get(i);
  }

  /** Offset of one variable, or −1 if there is none. */
  public int at(int variable) {
    return variable < slices.size() ? slices.get(variable).at() : -1;
  }
}
