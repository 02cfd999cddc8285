package dev.rill.engine.rnn;

import dev.rill.engine.ops.BoundOp;
import dev.rill.engine.ops.Capacity;
import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.OpMemory;
import dev.rill.engine.ops.StateTap;
import dev.rill.engine.ops.TappedPlane;
import dev.rill.engine.ops.TensorView;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import dev.rill.layers.Recurrent;
import dev.rill.tensor.State;
import java.util.ArrayList;
import java.util.List;

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
 * <p>Where it pays, {@link InputsAhead} has the input's part of a stretch of steps.
 */
final class RecurrentInference extends InferenceOp {
  /** Scratch for calls of up to some rows and steps. */
  private static final class Scratch {
    final float[] hidden;
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
    final InputsAhead.Scratch ahead;
    final Rows evenRows = new Rows();
    final Rows oddRows = new Rows();

    Scratch(RecurrentInference p, Capacity capacity) {
      hidden = new float[Math.toIntExact(p.hiddenFloats(capacity))];
      zRows = new Rows().set(new float[Math.multiplyExact(capacity.rows(), p.columns)], 0, p.columns);
      ahead = new InputsAhead.Scratch(p.ahead, capacity);
      int gathered = capacity.rows() > 1 ? Math.multiplyExact(capacity.rows(), p.planeStride) : 0;
      oldH = new float[gathered];
      oldC = new float[p.lstm ? gathered : 0];
      finalC = new float[p.returnsCellState() ? Math.multiplyExact(capacity.rows(), p.planeStride) : 0];
      cell = new float[p.cell.scratchFloats()];
      masked = p.masked == null ? null : new MaskedSteps.Scratch(p.masked, capacity);
    }
  }

  /** A single step in place. */
  private static final class InPlace implements BoundOp {
    private final RecurrentInference op;
    private final OpMemory memory;
    private final Cell cell;
    private final int planeStride;
    private final TensorView x;
    private final TensorView h;
    private final Rows c;
    private final Rows z;
    private final float[] scratch;

    InPlace(RecurrentInference op, OpMemory memory) {
      this.op = op;
      this.memory = memory;
      cell = op.cell;
      planeStride = op.planeStride;
      x = memory.view(op.input);
      h = memory.view(op.outputs[0]);
      Scratch s = (Scratch) memory.scratch(op.index);
      c = s.cRows;
      z = s.zRows;
      scratch = s.cell;
    }

    /** Looks the planes up first. */
    void step(Kernels k, Planes state, int first, int rows) {
      h.set(state.data(op.plane), 0, planeStride, 0, 1);
      if (op.lstm) {
        c.set(state.data(op.plane + 1), 0, planeStride);
      }
      again(k, state, first, rows);
    }

    @Override
    public void again(Kernels k, Planes state, int first, int rows) {
      h.at = first * planeStride;
      c.at = h.at;
      cell.step(k, rows, x, h, c, z, h, scratch);
      if (memory.tapped()) {
        op.tell(memory.tap(), k, 0, rows, null, first, x, h, z, h, c);
        memory.tap().advance(op.index, null, first, rows, 1);
      }
    }
  }

  private final Cell cell;
  private final InputsAhead ahead;
  /** What masked steps are like, or null if there are none. */
  private final MaskedSteps masked;
  private final int units;
  private final int stride;
  private final int planeStride;
  private final int columns;
  private final int gates;
  private final boolean lstm;
  private final boolean sequences;
  private final boolean backwards;
  /** Whether a single step of rows that lie together needs no room for states beside the planes. */
  private final boolean inPlace;

  RecurrentInference(OpContext context, Cell cell, Recurrent<?> layer) {
    super(context);
    this.cell = cell;
    units = cell.units;
    stride = cell.outputStride();
    planeStride = KernelChoice.padded(units);
    columns = cell.panels.outputLength();
    gates = cell.gateNames().size();
    lstm = cell.planes() > 1;
    sequences = layer.returnSequences();
    backwards = layer.goBackwards();
    ahead = new InputsAhead(cell, context.features(), backwards);
    masked = context.masks()[0] < 0 ? null : new MaskedSteps(context.masks()[0], context.outputPlane(), cell);
    // A plane that another application of the layer overwrites cannot be what this one shows.
    inPlace = cell.inPlace() && masked == null && !context.shared() && initialState.length == 0;
  }

  /** Whether the hidden states of all steps are kept: nothing asks for them where the last one is the result. */
  private boolean keepsSteps() {
    return sequences || masked != null;
  }

  private long hiddenFloats(Capacity capacity) {
    return (keepsSteps() ? capacity.cells() : 2L * capacity.rows()) * stride;
  }

  @Override
  public long weightBytes() {
    return cell.weightBytes();
  }

  @Override
  public long scratchFloats(Capacity capacity) {
    return hiddenFloats(capacity) + ahead.scratchFloats(capacity) + (long) capacity.rows() * columns
        + (long) capacity.rows() * planeStride * (cell.planes() + (returnsCellState() ? 1 : 0)) + cell.scratchFloats()
        + (masked == null ? 0 : masked.scratchFloats(capacity));
  }

  @Override
  public long copies() {
    return 2;
  }

  @Override
  public int blockCells() {
    return ahead.cells();
  }

  private boolean returnsCellState() {
    return outputs.length > 2;
  }

  @Override
  public List<TappedPlane> tapped(boolean gates) {
    List<TappedPlane> planes = new ArrayList<>();
    planes.add(tapped("h"));
    if (lstm) {
      planes.add(tapped("c"));
    }
    for (int g = 0; gates && g < cell.gateNames().size(); g++) {
      planes.add(tapped(cell.gateNames().get(g)));
    }
    return planes;
  }

  private TappedPlane tapped(String kind) {
    return new TappedPlane(new State.Plane(layerName, kind, units), 1);
  }

  @Override
  public int tapScratch() {
    return cell.gateFloats();
  }

  /** Tells what a step has left. */
  private void tell(StateTap tap, Kernels k, int forward, int rows, int[] map, int first, Rows x, Rows before, Rows z, Rows h, Rows c) {
    int states = cell.planes();
    for (int row = 0; row < rows; row++) {
      int to = map == null ? first + row : map[row];
      tap.put(index, 0, to, forward, h.data, h.at + row * h.stride);
      if (lstm) {
        tap.put(index, 1, to, forward, c.data, c.at + row * c.stride);
      }
      if (tap.gates()) {
        cell.gates(k, row, x, before, z, tap.scratch(index), tap.cursor());
        for (int g = 0; g < gates; g++) {
          tap.put(index, states + g, to, forward, tap.scratch(index), g * planeStride);
        }
      }
    }
  }

  @Override
  public Object scratch(Capacity capacity) {
    return new Scratch(this, capacity);
  }

  @Override
  public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
    TensorView in = memory.view(input);
    if (inPlace && in.steps == 1 && TensorView.together(map, rows)) {
      step(k, memory, state, map == null ? 0 : map[0], rows);
    } else {
      steps(k, memory, in, state, map, rows);
    }
  }

  @Override
  public boolean repeats() {
    return inPlace && outputs.length == 1;
  }

  @Override
  public BoundOp bind(OpMemory memory) {
    return inPlace ? new InPlace(this, memory) : super.bind(memory);
  }

  private void step(Kernels k, OpMemory memory, Planes state, int first, int rows) {
    InPlace bound = (InPlace) memory.bound()[index];
    bound.step(k, state, first, rows);
    for (int o = 1; o < outputs.length; o++) {
      Rows shown = o < 2 ? bound.h : bound.c;
      memory.view(outputs[o]).set(shown.data, shown.at, planeStride, 0, 1);
    }
  }

  private void steps(Kernels k, OpMemory memory, TensorView in, Planes state, int[] map, int rows) {
    Scratch s = (Scratch) memory.scratch(index);
    int steps = in.steps;
    for (int p = 0; p < initialState.length; p++) {
      put(memory.view(initialState[p]), state.data(plane + p), map, rows);
    }
    boolean together = TensorView.together(map, rows);
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
    TensorView mask = masked == null ? null : memory.view(masked.mask);
    int stretch = ahead.stretch(rows, steps);
    // Two in turn, which stay in the first-level cache.
    int kept = keepsSteps() ? steps : Math.min(steps, 2);
    StateTap tap = memory.tap();
    for (int step = 0; step < steps; step++) {
      int t = backwards ? steps - 1 - step : step;
      if (stretch > 1 && step % stretch == 0) {
        ahead.compute(k, s.ahead, in, rows, step, Math.min(stretch, steps - step), steps);
      }
      Rows x = stretch > 1 ? null : s.xRows.set(in.data, in.at + t * in.stepStride, in.stride);
      Rows z = stretch > 1 ? ahead.rows(s.ahead, rows, step % stretch) : s.zRows;
      Rows out = ((step & 1) == 0 ? s.evenRows : s.oddRows).set(s.hidden, step % kept * stride, kept * stride);
      if (mask != null) {
        masked.before(s.masked, mask, t, rows, c);
      }
      cell.step(k, rows, x, h, c, z, out, s.cell);
      if (mask != null) {
        masked.after(s.masked, mask, t, step, steps, rows, h, c, out, state, map);
      }
      if (tap != null) {
        tell(tap, k, t, rows, map, 0, x, h, z, out, c);
      }
      h = out;
    }
    if (tap != null) {
      tap.advance(index, map, 0, rows, steps);
    }
    if (mask != null) {
      masked.leave(s.masked, steps, rows, state, map);
    }
    put(h, state.data(plane), map, rows);
    if (lstm && !together) {
      put(c, state.data(plane + 1), map, rows);
    }
    memory.view(outputs[0])
        .set(mask == null ? s.hidden : s.masked.shown, sequences ? 0 : h.at, kept * stride, stride, sequences ? steps : 1);
    if (outputs.length > 1) {
      memory.view(outputs[1]).set(h.data, h.at, h.stride, 0, 1);
      if (returnsCellState()) {
        for (int row = 0; row < rows; row++) {
          System.arraycopy(c.data, c.at + row * c.stride, s.finalC, row * planeStride, units);
        }
        memory.view(outputs[2]).set(s.finalC, 0, planeStride, 0, 1);
      }
    }
  }

  private void gather(float[] plane, int[] map, int rows, Rows to) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(plane, map[row] * planeStride, to.data, to.at + row * to.stride, units);
    }
  }

  /** Writes rows of a plane. */
  private void put(Rows from, float[] plane, int[] map, int rows) {
    for (int row = 0; row < rows; row++) {
      int to = (map == null ? row : map[row]) * planeStride;
      System.arraycopy(from.data, from.at + row * from.stride, plane, to, units);
    }
  }
}
