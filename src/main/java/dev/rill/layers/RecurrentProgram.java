package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;

/**
 * A cell over time: state in, steps, state out.
 *
 * <p>The hidden states of a call lie one behind the other in the scratch, and each step reads the one before it
 * there, so the old state survives the step and a sequence is not copied. The planes are read once and written once a
 * call; only rows that do not lie together are gathered first.
 *
 * <p>A single step needs less: where a cell works in place, the new hidden state replaces the old one in its plane, and what
 * comes after reads it there.
 *
 * <p>With few rows, where a recurrent step moves at the speed of loading weights, the input's part of a stretch of
 * steps is one product whose rows are the steps. With more rows the rows share each weight anyway.
 */
final class RecurrentProgram extends InferenceOp {
  /** From this number of rows on a product's tiles are full without help from the time axis. */
  static final int FULL_TILE = 4;

  /** Scratch for calls of up to some rows and steps. */
  private static final class Scratch {
    final float[] hidden;
    final float[] ahead;
    final float[] oldH;
    final float[] oldC;
    /** The final cell state as an output: a later application of the layer may overwrite the plane. */
    final float[] finalC;
    final float[] cell;
    /** Only where steps may be masked. */
    final MaskedSteps.Scratch masked;
    final Rows xRows = new Rows();
    final Rows hRows = new Rows();
    final Rows cRows = new Rows();
    final Rows zRows;
    final Rows aheadRows = new Rows();
    final Rows evenRows = new Rows();
    final Rows oddRows = new Rows();

    Scratch(RecurrentProgram p, Capacity room) {
      hidden = new float[Math.multiplyExact(room.cells(), p.stride)];
      ahead = new float[Math.multiplyExact(p.aheadCells(room), p.columns)];
      zRows = new Rows().set(new float[Math.multiplyExact(room.rows(), p.columns)], 0, p.columns);
      int gathered = room.rows() > 1 ? Math.multiplyExact(room.rows(), p.planeStride) : 0;
      oldH = new float[gathered];
      oldC = new float[p.lstm ? gathered : 0];
      finalC = new float[p.returnsCellState() ? Math.multiplyExact(room.rows(), p.planeStride) : 0];
      cell = new float[p.cell.scratchFloats()];
      masked = p.masked == null ? null : new MaskedSteps.Scratch(p.masked, room);
    }
  }

  private final Cell cell;
  /** What masked steps are like, or null if there are none. */
  private final MaskedSteps masked;
  private final int units;
  private final int stride;
  private final int planeStride;
  private final int columns;
  private final boolean lstm;
  private final boolean sequences;
  private final boolean backwards;
  /** Whether a single step of rows that lie together needs no room for states beside the planes. */
  private final boolean inPlace;

  RecurrentProgram(OpContext wiring, Cell cell, Recurrent.Options options) {
    super(wiring);
    this.cell = cell;
    units = cell.units;
    stride = cell.outputStride();
    planeStride = KernelChoice.padded(units);
    columns = cell.panels.outputLength();
    lstm = cell.planes() > 1;
    sequences = options.returnSequences;
    backwards = options.goBackwards;
    masked = wiring.masks()[0] < 0 ? null : new MaskedSteps(wiring.masks()[0], wiring.outputPlane(), cell);
    // A plane that another application of the layer overwrites cannot be what this one shows.
    inPlace = cell.inPlace() && masked == null && !wiring.shared() && initialState.length == 0;
  }

  private int aheadCells(Capacity room) {
    return cell.ahead() ? room.fewCells() : 0;
  }

  @Override
  long weightBytes() {
    return cell.weightBytes();
  }

  @Override
  long scratchFloats(Capacity room) {
    return (long) room.cells() * stride + ((long) aheadCells(room) + room.rows()) * columns
        + (long) room.rows() * planeStride * (cell.planes() + (returnsCellState() ? 1 : 0)) + cell.scratchFloats()
        + (masked == null ? 0 : masked.scratchFloats(room));
  }

  @Override
  long copies() {
    return 2;
  }

  private boolean returnsCellState() {
    return outputs.length > 2;
  }

  @Override
  Object scratch(Capacity room) {
    return new Scratch(this, room);
  }

  @Override
  void run(Kernels k, Workspace ws, Planes state, int[] map, int rows) {
    TensorView in = ws.signal(input);
    if (inPlace && in.steps == 1 && Plan.together(map, rows)) {
      step(k, ws, state, map == null ? 0 : map[0], rows);
    } else {
      steps(k, ws, in, state, map, rows);
    }
  }

  @Override
  boolean repeats() {
    return inPlace && outputs.length == 1;
  }

  @Override
  void again(Kernels k, Workspace ws, Planes state, int first, int rows) {
    Scratch s = (Scratch) ws.scratch(index);
    TensorView h = ws.signal(outputs[0]);
    h.at = first * planeStride;
    s.cRows.at = h.at;
    cell.step(k, rows, ws.signal(input), h, s.cRows, s.zRows, h, s.cell);
  }

  private void step(Kernels k, Workspace ws, Planes state, int first, int rows) {
    Scratch s = (Scratch) ws.scratch(index);
    TensorView h = ws.signal(outputs[0]);
    h.set(state.data(plane), first * planeStride, planeStride, 0, 1);
    Rows c = s.cRows;
    if (lstm) {
      c.set(state.data(plane + 1), first * planeStride, planeStride);
    }
    again(k, ws, state, first, rows);
    for (int o = 1; o < outputs.length; o++) {
      Rows shown = o < 2 ? h : c;
      ws.signal(outputs[o]).set(shown.data, shown.at, planeStride, 0, 1);
    }
  }

  private void steps(Kernels k, Workspace ws, TensorView in, Planes state, int[] map, int rows) {
    Scratch s = (Scratch) ws.scratch(index);
    int steps = in.steps;
    for (int p = 0; p < initialState.length; p++) {
      enter(ws.signal(initialState[p]), state.data(plane + p), map, rows);
    }
    boolean together = Plan.together(map, rows);
    int first = map == null ? 0 : map[0];
    Rows h = s.hRows;
    Rows c = s.cRows;
    if (together) {
      h.set(state.data(plane), first * planeStride, planeStride);
      if (lstm) {
        c.set(state.data(plane + 1), first * planeStride, planeStride);
      }
    } else {
      gather(state.data(plane), map, rows, h.set(s.oldH, 0, planeStride));
      if (lstm) {
        gather(state.data(plane + 1), map, rows, c.set(s.oldC, 0, planeStride));
      }
    }
    TensorView mask = masked == null ? null : ws.signal(masked.mask);
    boolean ahead = cell.ahead() && steps > 1 && rows < FULL_TILE;
    if (ahead) {
      for (int row = 0; row < rows; row++) {
        k.matmul(cell.panels, steps, null, s.xRows.set(in.data, in.at + row * in.stride, in.stepStride), null,
            s.aheadRows.set(s.ahead, row * steps * columns, columns));
      }
    }
    for (int step = 0; step < steps; step++) {
      int t = backwards ? steps - 1 - step : step;
      Rows x = ahead ? null : s.xRows.set(in.data, in.at + t * in.stepStride, in.stride);
      Rows z = ahead ? s.aheadRows.set(s.ahead, t * columns, steps * columns) : s.zRows;
      Rows out = ((step & 1) == 0 ? s.evenRows : s.oddRows).set(s.hidden, step * stride, steps * stride);
      if (mask != null) {
        masked.before(s.masked, mask, t, rows, c);
      }
      cell.step(k, rows, x, h, c, z, out, s.cell);
      if (mask != null) {
        masked.after(s.masked, mask, t, step, steps, rows, h, c, out, state, map);
      }
      h = out;
    }
    if (mask != null) {
      masked.leave(s.masked, steps, rows, state, map);
    }
    leave(h, state.data(plane), map, rows);
    if (lstm && !together) {
      leave(c, state.data(plane + 1), map, rows);
    }
    ws.signal(outputs[0])
        .set(mask == null ? s.hidden : s.masked.shown, sequences ? 0 : h.at, steps * stride, stride, sequences ? steps : 1);
    if (outputs.length > 1) {
      ws.signal(outputs[1]).set(h.data, h.at, h.stride, 0, 1);
      if (returnsCellState()) {
        for (int row = 0; row < rows; row++) {
          System.arraycopy(c.data, c.at + row * c.stride, s.finalC, row * planeStride, units);
        }
        ws.signal(outputs[2]).set(s.finalC, 0, planeStride, 0, 1);
      }
    }
  }

  private void gather(float[] plane, int[] map, int rows, Rows to) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(plane, map[row] * planeStride, to.data, to.at + row * to.stride, units);
    }
  }

  private void leave(Rows from, float[] plane, int[] map, int rows) {
    for (int row = 0; row < rows; row++) {
      int to = (map == null ? row : map[row]) * planeStride;
      System.arraycopy(from.data, from.at + row * from.stride, plane, to, units);
    }
  }

  private void enter(TensorView from, float[] plane, int[] map, int rows) {
    for (int row = 0; row < rows; row++) {
      int to = (map == null ? row : map[row]) * planeStride;
      System.arraycopy(from.data, from.at + row * from.stride, plane, to, units);
    }
  }
}
