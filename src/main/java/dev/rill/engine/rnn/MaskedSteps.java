package dev.rill.engine.rnn;

import dev.rill.engine.ops.Capacity;
import dev.rill.engine.ops.TensorView;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import java.util.Arrays;

/**
 * Keras' rule for a masked step: the cell has been evaluated, but every state stays what it was before, and the output is that of
 * the step before, zeros at the start; or zeros always. So a masked row's output may differ from its hidden state.
 */
final class MaskedSteps {
  /** Outputs of a call, laid out as the hidden states are, and the cell states before a step. */
  static final class Scratch {
    final float[] shown;
    final float[] oldC;

    Scratch(MaskedSteps m, Capacity capacity) {
      shown = new float[Math.multiplyExact(capacity.cells(), m.stride)];
      oldC = new float[m.cellState ? Math.multiplyExact(capacity.rows(), m.planeStride) : 0];
    }
  }

  /** The signal that says which steps count. */
  final int mask;
  /** Where the last output is kept between calls, or −1 if a masked step's output is zeros. */
  private final int plane;
  private final int units;
  private final int stride;
  private final int planeStride;
  private final boolean cellState;

  MaskedSteps(int mask, int plane, Cell cell) {
    this.mask = mask;
    this.plane = plane;
    units = cell.units;
    stride = cell.outputStride();
    planeStride = KernelChoice.padded(units);
    cellState = cell.planes() > 1;
  }

  long scratchFloats(Capacity capacity) {
    return (long) capacity.cells() * stride + (cellState ? (long) capacity.rows() * planeStride : 0);
  }

  /** Saves what the cell is about to overwrite. */
  void before(Scratch s, TensorView in, int t, int rows, Rows c) {
    for (int row = 0; cellState && row < rows; row++) {
      if (!in.counts(row, t)) {
        System.arraycopy(c.data, c.at + row * c.stride, s.oldC, row * planeStride, units);
      }
    }
  }

  /**
   * Takes back what the cell has done to masked rows, and says what all rows show.
   *
   * @param in the mask
   * @param t time of the step
   * @param step its place in the order of running
   * @param steps of the call
   * @param h hidden states before the step
   * @param c cell states, if there are any
   * @param out hidden states after the step
   */
  void after(Scratch s, TensorView in, int t, int step, int steps, int rows, Rows h, Rows c, Rows out, Planes state, int[] map) {
    for (int row = 0; row < rows; row++) {
      int to = (row * steps + step) * stride;
      if (in.counts(row, t)) {
        System.arraycopy(out.data, out.at + row * out.stride, s.shown, to, units);
        continue;
      }
      System.arraycopy(h.data, h.at + row * h.stride, out.data, out.at + row * out.stride, units);
      if (cellState) {
        System.arraycopy(s.oldC, row * planeStride, c.data, c.at + row * c.stride, units);
      }
      if (plane < 0) {
        Arrays.fill(s.shown, to, to + units, 0);
      } else if (step == 0) {
        System.arraycopy(state.data(plane), (map == null ? row : map[row]) * planeStride, s.shown, to, units);
      } else {
        System.arraycopy(s.shown, to - stride, s.shown, to, units);
      }
    }
  }

  /** Keeps the last outputs for the next call. */
  void leave(Scratch s, int steps, int rows, Planes state, int[] map) {
    for (int row = 0; plane >= 0 && row < rows; row++) {
      int to = (map == null ? row : map[row]) * planeStride;
      System.arraycopy(s.shown, (row * steps + steps - 1) * stride, state.data(plane), to, units);
    }
  }
}
