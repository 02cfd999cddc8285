package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Table;

/** Looks vectors up. Ids lie in memory as a sequence of one feature. */
final class EmbeddingProgram extends InferenceOp {
  /** Results, and for each of their steps 1 where it counts, else 0. */
  private static final class Scratch {
    final float[] out;
    final float[] mask;

    Scratch(int cells, int units, boolean masks) {
      out = new float[Math.multiplyExact(cells, units)];
      mask = new float[masks ? cells : 0];
    }
  }

  private final Embedding layer;
  private final Table table;
  private final int units;
  private final int mask;

  EmbeddingProgram(OpContext wiring, Embedding layer) {
    super(wiring);
    this.layer = layer;
    units = layer.units();
    mask = wiring.mask();
    table = Table.of(wiring.packing(), wiring.weights(), wiring.at(0), wiring.slices().get(0).size() / units, units);
  }

  @Override
  long weightBytes() {
    return table.bytes();
  }

  @Override
  long scratchFloats(Capacity room) {
    return results(room) * (units + (mask < 0 ? 0 : 1));
  }

  @Override
  Object scratch(Capacity room) {
    return new Scratch(Math.toIntExact(results(room)), units, mask >= 0);
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    TensorView in = ws.signal(input);
    Scratch s = (Scratch) ws.scratch(index);
    int cell = 0;
    for (int row = 0; row < rows; row++) {
      for (int step = 0; step < in.steps; step++, cell++) {
        float id = in.data[in.at + row * in.stride + step * in.stepStride];
        table.read((int) id, s.out, cell * units);
        if (mask >= 0) {
          s.mask[cell] = id != 0 ? 1 : 0;
        }
      }
    }
    ws.signal(outputs[0]).set(s.out, 0, in.steps * units, units, in.steps);
    if (mask >= 0) {
      ws.signal(mask).set(s.mask, 0, in.steps, 1, in.steps);
    }
  }
}
