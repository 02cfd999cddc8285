package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Function;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;

/** A dense product of every row and step, and its activation. */
final class DenseProgram extends InferenceOp {
  /** Scratch: the results, and cursors for the kernels. */
  private static final class Scratch {
    final float[] out;
    final Rows x = new Rows();
    final Rows y = new Rows();

    Scratch(int floats) {
      out = new float[floats];
    }
  }

  private final PackedWeights panels;
  private final Function function;
  private final int units;

  DenseProgram(OpContext wiring, int units, Function function) {
    super(wiring);
    this.units = units;
    this.function = function;
    boolean bias = wiring.slices().size() > 1;
    panels = PackedWeights.dense(wiring.packing(), units, wiring.features(), wiring.weights(), wiring.at(0), 0, null, 0,
        bias ? wiring.weights() : null, bias ? wiring.at(1) : 0);
  }

  @Override
  long weightBytes() {
    return panels.bytes();
  }

  @Override
  long scratchFloats(Capacity room) {
    return results(room) * panels.outputLength();
  }

  @Override
  long copies() {
    return 1;
  }

  @Override
  Object scratch(Capacity room) {
    return new Scratch(Math.toIntExact(scratchFloats(room)));
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    TensorView in = ws.signal(input);
    Scratch s = (Scratch) ws.scratch(index);
    int steps = in.steps;
    int stride = panels.outputLength();
    if (steps == 1) {
      k.matmul(panels, rows, null, in, null, s.y.set(s.out, 0, stride));
    } else {
      // Neighbouring steps of one row lie at one stride, so they are rows of a product.
      for (int row = 0; row < rows; row++) {
        k.matmul(panels, steps, null, s.x.set(in.data, in.at + row * in.stride, in.stepStride), null,
            s.y.set(s.out, row * steps * stride, stride));
      }
    }
    if (function.rowWise() || units < stride) {
      for (int at = 0; at < rows * steps * stride; at += stride) {
        function.apply(k, s.out, at, units);
      }
    } else {
      function.apply(k, s.out, 0, rows * steps * stride);
    }
    ws.signal(outputs[0]).set(s.out, 0, steps * stride, stride, steps);
  }
}
