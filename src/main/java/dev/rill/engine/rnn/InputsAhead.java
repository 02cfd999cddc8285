package dev.rill.engine.rnn;

import dev.rill.engine.ops.Capacity;
import dev.rill.engine.ops.TensorView;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Rows;

/**
 * The input's part of the pre-activations of a stretch of steps, in products whose rows are steps, or (step, row).
 *
 * <p>That pays where a step moves at the speed at which weights come: with few rows, as more rows share each weight then; and with
 * any number where no cache holds the weights, as those of the inputs then come from memory once a stretch.
 */
final class InputsAhead {
  /** Weights that the last cache of a processor may not hold beside what else is in it. */
  private static final long UNCACHED_BYTES = 16 << 20;
  /** (step, row) at once for those. */
  private static final int UNCACHED_CELLS = 4 * Capacity.BLOCK;

  /** Room for calls of up to some rows and steps. */
  static final class Scratch {
    private final float[] inputs;
    private final float[] sums;
    private final TensorView stretch = new TensorView();
    private final TensorView inputRows = new TensorView();
    private final Rows sumRows = new Rows();

    Scratch(InputsAhead p, Capacity capacity) {
      inputs = new float[Math.toIntExact(p.inputFloats(capacity))];
      sums = new float[Math.multiplyExact(p.cells(capacity), p.columns)];
    }
  }

  private final Cell cell;
  private final boolean uncached;
  private final boolean backwards;
  private final int features;
  private final int columns;

  InputsAhead(Cell cell, int features, boolean backwards) {
    this.cell = cell;
    this.features = features;
    this.backwards = backwards;
    columns = cell.panels.outputLength();
    // Of far fewer inputs than units there is nothing to gain, and copies of more inputs than results take too much room.
    uncached = cell.ahead() && cell.panels.bytes() > UNCACHED_BYTES && features >= cell.units / 4 && features <= columns;
  }

  /** How many (step, row) are best carried out at once. */
  int cells() {
    return uncached ? UNCACHED_CELLS : Capacity.BLOCK;
  }

  /** How many steps of a call are computed at once; 1 if the steps had better do it themselves. */
  int stretch(int rows, int steps) {
    return cell.ahead() && (uncached || rows < Capacity.FULL_TILE) ? Math.min(steps, Math.max(1, cells() / Math.max(1, rows))) : 1;
  }

  private int cells(Capacity capacity) {
    int wanted = Math.max(capacity.fewCells(), uncached ? capacity.manyCells() : 0);
    return cell.ahead() ? Math.min(cells(), wanted) : 0;
  }

  /** Few rows are read where they lie. */
  private long inputFloats(Capacity capacity) {
    return uncached ? (long) Math.min(cells(), capacity.manyCells()) * features : 0;
  }

  long scratchFloats(Capacity capacity) {
    return (long) cells(capacity) * columns + inputFloats(capacity);
  }

  /** Computes the steps from {@code first} on, of a call that has so many, in the order in which they are carried out. */
  void compute(Kernels k, Scratch s, TensorView in, int rows, int first, int count, int steps) {
    int at = in.at + (backwards ? steps - 1 - first : first) * in.stepStride;
    int stepStride = backwards ? -in.stepStride : in.stepStride;
    if (rows < Capacity.FULL_TILE) {
      for (int row = 0; row < rows; row++) {
        k.matmul(cell.panels, count, null, s.inputRows.set(in.data, at + row * in.stride, stepStride), null,
            s.sumRows.set(s.sums, row * columns, rows * columns));
      }
      return;
    }
    s.stretch.set(in.data, at, in.stride, stepStride, count);
    s.inputRows.set(s.inputs, 0, features, rows * features, count);
    s.stretch.copy(s.inputRows, rows, 0, features);
    k.matmul(cell.panels, count * rows, null, s.inputRows, null, s.sumRows.set(s.sums, 0, columns));
  }

  /** The rows of a step of the stretch, where the step goes on. */
  Rows rows(Scratch s, int rows, int step) {
    return s.sumRows.set(s.sums, step * rows * columns, columns);
  }
}
