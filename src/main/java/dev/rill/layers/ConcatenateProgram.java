package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/** Copies inputs side by side, and joins their masks. */
final class ConcatenateProgram extends InferenceOp {
  /** Results, and for each of their steps 1 where it counts, else 0. */
  private static final class Scratch {
    final float[] out;
    final float[] mask;

    Scratch(int cells, int width, boolean masks) {
      out = new float[Math.multiplyExact(cells, width)];
      mask = new float[masks ? cells : 0];
    }
  }

  private final int[] inputs;
  private final int[] masks;
  private final int[] widths;
  private final int width;
  private final int mask;

  ConcatenateProgram(OpContext wiring) {
    super(wiring);
    inputs = wiring.inputs();
    masks = wiring.masks();
    mask = wiring.mask();
    widths = new int[inputs.length];
    int sum = 0;
    for (int i = 0; i < widths.length; i++) {
      widths[i] = wiring.widths()[i];
      sum += widths[i];
    }
    width = sum;
  }

  @Override
  long scratchFloats(Capacity room) {
    return results(room) * (width + (mask < 0 ? 0 : 1));
  }

  @Override
  Object scratch(Capacity room) {
    return new Scratch(Math.toIntExact(results(room)), width, mask >= 0);
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    Scratch s = (Scratch) ws.scratch(index);
    int steps = ws.signal(input).steps;
    int to = 0;
    for (int i = 0; i < inputs.length; i++) {
      TensorView in = ws.signal(inputs[i]);
      for (int cell = 0; cell < rows * steps; cell++) {
        System.arraycopy(in.data, in.at + cell / steps * in.stride + cell % steps * in.stepStride, s.out,
            cell * width + to, widths[i]);
      }
      to += widths[i];
    }
    ws.signal(outputs[0]).set(s.out, 0, steps * width, width, steps);
    if (mask >= 0) {
      for (int cell = 0; cell < rows * steps; cell++) {
        boolean counts = false;
        for (int i = 0; i < masks.length && !counts; i++) {
          counts = ws.signal(masks[i]).counts(cell / steps, cell % steps);
        }
        s.mask[cell] = counts ? 1 : 0;
      }
      ws.signal(mask).set(s.mask, 0, steps, 1, steps);
    }
  }
}
