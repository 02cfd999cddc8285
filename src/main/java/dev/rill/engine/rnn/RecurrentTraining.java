package dev.rill.engine.rnn;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOp;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import dev.rill.layers.Recurrent;
import java.util.Arrays;
import java.util.List;

/**
 * A recurrent layer in training: back-propagation through time over the steps of one batch. The state of the batch before
 * enters as a constant, so no gradient crosses a call.
 *
 * <p>Slots of the state lie in the order of time, whichever way the layer runs: step t reads slot t and writes slot t + 1, or,
 * backwards, reads t + 1 and writes t. So the rows of the slots read are the recurrent inputs of all (time, row) in order.
 *
 * <p>At a masked step a row's cell does not run: its state is handed on, and so is the gradient of it. The output is that of the
 * step before, to which its gradient goes; zeros at the start, or always if the layer says so.
 */
final class RecurrentTraining extends TrainingOp {
  private final TrainingOpContext context;
  private final Recurrent<?> layer;
  private final TrainingCell cell;
  private final GradientView in;
  private final GradientView out;
  private final int units;
  /** Hidden state, and of an LSTM the cell state. */
  private final int planes;
  private final boolean sequences;
  private TrainingBatch batch;
  private int steps;
  /**
   * Outputs by step, or the last one, where they are not simply the slots written: a slot may be reset, runs in the order of time,
   * and a masked step shows something else.
   */
  private float[] y = {};
  private boolean apart;

  RecurrentTraining(TrainingOpContext context, Recurrent<?> layer, TrainingCell cell) {
    this.context = context;
    this.layer = layer;
    this.cell = cell;
    in = context.input(0);
    out = context.output(0);
    units = layer.units();
    planes = layer.stateNames().size();
    sequences = layer.returnSequences();
  }

  private float[] slots(int plane) {
    return plane == 0 ? cell.h : cell.c();
  }

  private int slotRead(int t) {
    return layer.goBackwards() ? t + 1 : t;
  }

  private int slotWritten(int t) {
    return layer.goBackwards() ? t : t + 1;
  }

  /** The time of the step that is carried out at some place. */
  private int time(int step) {
    return layer.goBackwards() ? steps - 1 - step : step;
  }

  @Override
  public void ensure(TrainingBatch now) {
    batch = now;
    steps = in.steps;
    cell.ensure(now, steps * now.rows);
    apart = context.mask() != null || sequences && (now.resets != null || layer.goBackwards());
    if (apart) {
      int shown = sequences ? steps : 1;
      y = Buffers.grown(y, shown * now.rows, cell.stride);
      out.set(y, 0, cell.stride, shown);
    } else if (sequences) {
      out.set(cell.h, now.rows * cell.stride, cell.stride, steps);
    } else {
      out.set(cell.h, lastSlot() * now.rows * cell.stride, cell.stride, 1);
    }
    List<GradientView> outputs = context.outputs();
    if (outputs.size() > 1) {
      outputs.get(1).set(cell.h, lastSlot() * now.rows * cell.stride, cell.stride, 1);
    }
    if (outputs.size() > 2) {
      outputs.get(2).set(cell.c(), lastSlot() * now.rows * cell.stride, cell.stride, 1);
    }
  }

  @Override
  public long multiplyAdds() {
    return (long) steps * cell.columns * (cell.inputs + units);
  }

  private int firstSlot() {
    return slotRead(time(0));
  }

  private int lastSlot() {
    return slotWritten(time(steps - 1));
  }

  @Override
  public void pack(float[] weights) {
    cell.pack(weights, context.at(0), context.at(1), context.at(2));
  }

  /** Takes the state of the batch before in, a constant, or one from the graph. */
  private void enter() {
    Planes state = batch.state;
    for (int p = 0; p < planes; p++) {
      float[] slots = slots(p);
      for (int row = 0; row < batch.rows; row++) {
        int to = (firstSlot() * batch.rows + row) * cell.stride;
        if (!context.initialState().isEmpty()) {
          GradientView given = context.initialState().get(p);
          System.arraycopy(given.value, given.at + row * given.stride, slots, to, units);
        } else if (context.plane() >= 0) {
          System.arraycopy(state.data(context.plane() + p), (batch.first + row) * state.stride(context.plane() + p), slots,
              to, units);
        } else {
          Arrays.fill(slots, to, to + units, 0);
        }
      }
    }
  }

  /** Hands the state on to the next batch. */
  private void leave() {
    Planes state = batch.state;
    for (int p = 0; context.plane() >= 0 && p < planes; p++) {
      float[] slots = slots(p);
      for (int row = 0; row < batch.rows; row++) {
        System.arraycopy(slots, (lastSlot() * batch.rows + row) * cell.stride, state.data(context.plane() + p),
            (batch.first + row) * state.stride(context.plane() + p), units);
      }
    }
  }

  private boolean counts(int step, int row) {
    return context.mask() == null || context.mask().counts(time(step) * batch.rows + row);
  }

  private boolean resets(int step, int row) {
    return batch.resets != null && batch.resets[time(step) * batch.rows + row];
  }

  /** The end of the rows from {@code row} on that all count at a step, or all do not. */
  private int alike(int step, int row) {
    int end = row + 1;
    while (end < batch.rows && counts(step, end) == counts(step, row)) {
      end++;
    }
    return end;
  }

  @Override
  public void forward(Kernels k) {
    enter();
    cell.draw();
    for (int step = 0; step < steps; step++) {
      int t = time(step);
      int first = t * batch.rows;
      int read = slotRead(t) * batch.rows;
      int written = slotWritten(t) * batch.rows;
      cell.input(k, cell.scratch.a.set(in.value, in.at + first * in.stride, in.stride), first, batch.rows);
      for (int row = 0; batch.resets != null && row < batch.rows; row++) {
        if (resets(step, row)) {
          reset(read + row);
        }
      }
      for (int row = 0, end; row < batch.rows; row = end) {
        end = alike(step, row);
        if (counts(step, row)) {
          cell.forward(k, first + row, read + row, written + row, end - row);
        } else {
          stay(read + row, written + row, end - row);
        }
      }
      for (int row = 0; apart && row < batch.rows; row++) {
        show(step, row, written + row);
      }
    }
    leave();
  }

  private void reset(int row) {
    for (int p = 0; p < planes; p++) {
      Arrays.fill(slots(p), row * cell.stride, row * cell.stride + units, 0);
    }
  }

  /** Hands the states of some rows on to the next slot. */
  private void stay(int read, int written, int count) {
    for (int p = 0; p < planes; p++) {
      System.arraycopy(slots(p), read * cell.stride, slots(p), written * cell.stride, count * cell.stride);
    }
  }

  /** Puts the output of one row in its place. */
  private void show(int step, int row, int written) {
    int to = ((sequences ? step : 0) * batch.rows + row) * cell.stride;
    if (counts(step, row)) {
      System.arraycopy(cell.h, written * cell.stride, y, to, units);
    } else if (layer.zeroOutputForMask() || step == 0 || resets(step, row)) {
      Arrays.fill(y, to, to + units, 0);
    } else if (sequences) {
      System.arraycopy(y, to - batch.rows * cell.stride, y, to, units);
    }
  }

  @Override
  public void backward(Kernels k) {
    for (int row = 0; row < batch.rows; row++) {
      cell.clear(row);
      direct(steps, row);
    }
    List<GradientView> outputs = context.outputs();
    if (outputs.size() > 1) {
      add(outputs.get(1), 0, 0, batch.rows, cell.dh);
    }
    if (outputs.size() > 2) {
      add(outputs.get(2), 0, 0, batch.rows, cell.dc());
    }
    for (int step = steps - 1; step >= 0; step--) {
      for (int row = 0, end; row < batch.rows; row = end) {
        end = alike(step, row);
        if (counts(step, row)) {
          backward(k, step, row, end);
        } else {
          cell.skip(time(step) * batch.rows + row, end - row);
        }
      }
      for (int row = 0; batch.resets != null && row < batch.rows; row++) {
        if (resets(step, row)) {
          cell.clear(row);
          direct(step, row);
        }
      }
    }
    for (int p = 0; p < context.initialState().size(); p++) {
      hand(p == 0 ? cell.dh : cell.dc(), context.initialState().get(p));
    }
  }

  /** Takes the gradient of some rows back through a step at which they count. */
  private void backward(Kernels k, int step, int from, int to) {
    int t = time(step);
    int first = t * batch.rows + from;
    int count = to - from;
    cell.backward(k, first, slotRead(t) * batch.rows + from, slotWritten(t) * batch.rows + from, from, count);
    for (int row = from; sequences && row < to; row++) {
      direct(step, row);
    }
    cell.recurrentGradient(k, first, count, cell.scratch.c.set(cell.dh, from * cell.gradientStride, cell.gradientStride));
    if (in.wanted) {
      cell.inputGradient(k, first, count, cell.scratch.a.set(in.gradient, first * in.gradientStride, in.gradientStride));
    }
  }

  /**
   * Adds the direct term of the state that one row reads at a step: the gradient of the outputs that show it, that of the step
   * before or, behind one, of masked steps. The sum over the recurrent kernel starts there.
   */
  private void direct(int step, int row) {
    int shown = step - 1;
    for (; shown >= 0 && !counts(shown, row); shown--) {
      if (resets(shown, row)) {
        return;
      }
    }
    for (int s = Math.max(0, shown); shown >= 0 && s < step; s++) {
      if ((s == shown || !layer.zeroOutputForMask()) && (sequences || s == steps - 1)) {
        add(out, (sequences ? s : 0) * batch.rows + row, row, 1, cell.dh);
      }
    }
  }

  /** Adds the gradient of some rows of an output to that of a state. */
  private void add(GradientView flow, int first, int to, int count, float[] gradient) {
    if (flow.gradient == null) {
      return;
    }
    for (int row = 0; row < count; row++) {
      int at = (first + row) * flow.gradientStride;
      int into = (to + row) * cell.gradientStride;
      for (int j = 0; j < units; j++) {
        gradient[into + j] += flow.gradient[at + j];
      }
    }
  }

  private void hand(float[] gradient, GradientView to) {
    for (int row = 0; to.wanted && row < batch.rows; row++) {
      for (int j = 0; j < units; j++) {
        to.gradient[row * to.gradientStride + j] += gradient[row * cell.gradientStride + j];
      }
    }
  }

  @Override
  public void gradients(Kernels k, int from, int to, float[] gradient) {
    Rows x = cell.scratch.c.set(in.value, in.at + from * in.stride, in.stride);
    cell.gradients(k, x, slotRead(0) * batch.rows, from, to, gradient, context.at(0), context.at(1), context.at(2));
  }
}
