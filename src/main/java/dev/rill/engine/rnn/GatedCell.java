package dev.rill.engine.rnn;

import dev.rill.engine.ops.Functions;
import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.PackedWeights;
import dev.rill.layers.GatedRecurrent;

/**
 * A cell with gates: an activation for the candidate, one for the gates, and a single kernel for both where they are Keras'
 * defaults. Otherwise the gates are taken apart into scratch, {@link #stride} floats each, and go through one by one.
 */
abstract class GatedCell extends Cell {
  final Function activation;
  final Function gate;
  final boolean fused;
  final int stride;

  GatedCell(PackedWeights panels, GatedRecurrent<?> layer) {
    super(layer.units(), panels);
    activation = Functions.of(layer.activation());
    gate = Functions.of(layer.recurrentActivation());
    fused = activation == Function.TANH && gate == Function.SIGMOID;
    stride = KernelChoice.padded(layer.units());
  }

  @Override
  int scratchFloats() {
    return fused ? 0 : 4 * stride;
  }
}
