package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/** Finds the steps that are filled with a value, and hands the others on. */
final class MaskingProgram extends InferenceOp {
  /** Results, and for each of their steps 1 where it counts, else 0. */
  private static final class Scratch {
    final float[] out;
    final float[] mask;

    Scratch(int cells, int width) {
      out = new float[Math.multiplyExact(cells, width)];
      mask = new float[cells];
    }
  }

  private final float value;
  private final int width;
  private final int mask;

  MaskingProgram(OpContext wiring, float value) {
    super(wiring);
    this.value = value;
    width = wiring.features();
    mask = wiring.mask();
  }

  @Override
  long scratchFloats(Capacity room) {
    return results(room) * (width + 1);
  }

  @Override
  Object scratch(Capacity room) {
    return new Scratch(Math.toIntExact(results(room)), width);
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    TensorView in = ws.signal(input);
    Scratch s = (Scratch) ws.scratch(index);
    int cell = 0;
    for (int row = 0; row < rows; row++) {
      for (int step = 0; step < in.steps; step++, cell++) {
        int from = in.at + row * in.stride + step * in.stepStride;
        boolean counts = false;
        for (int j = 0; j < width && !counts; j++) {
          counts = in.data[from + j] != value;
        }
        s.mask[cell] = counts ? 1 : 0;
        for (int j = 0; j < width; j++) {
          s.out[cell * width + j] = counts ? in.data[from + j] : 0;
        }
      }
    }
    ws.signal(outputs[0]).set(s.out, 0, in.steps * width, width, in.steps);
    ws.signal(mask).set(s.mask, 0, in.steps, 1, in.steps);
  }
}
