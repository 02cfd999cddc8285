package dev.rill.layers;

import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.PackedWeights;

/**
 * A cell with gates: an activation for the candidate, one for the gates, and a single kernel for both where they are Keras'
 * defaults. Otherwise the gates are taken apart into scratch, {@link #stride} floats each, and go through one by one.
 */
abstract class GatedCell extends Cell {
  final Function activation;
  final Function gate;
  final boolean fused;
  final int stride;

  GatedCell(PackedWeights panels, Recurrent.Options options) {
    super(options.units, panels);
    activation = options.activation.function();
    gate = options.recurrentActivation.function();
    fused = activation == Function.TANH && gate == Function.SIGMOID;
    stride = KernelChoice.padded(options.units);
  }

  @Override
  int scratchFloats() {
    return fused ? 0 : 4 * stride;
  }
}
