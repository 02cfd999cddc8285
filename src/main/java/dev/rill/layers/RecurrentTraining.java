package dev.rill.layers;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import java.util.Arrays;
import java.util.List;

/**
 * A recurrent layer in training: back-propagation through time over the steps of one batch. The state of the batch before
 * enters as a constant, so no gradient crosses a call.
 *
 * <p>Slots of the state lie in the order of time, whichever way the layer runs: step t reads slot t and writes slot t + 1, or,
 * backwards, reads t + 1 and writes t. So the rows of the slots read are the recurrent inputs of all (time, row) in order.
 */
final class RecurrentTraining extends TrainingProgram {
  private final TrainingWiring wiring;
  private final Recurrent.Options options;
  private final TrainingCell cell;
  private final Flow in;
  private final Flow out;
  private final int units;
  private Batch batch;
  private int steps;
  /** Outputs by step where they are not simply the slots written: a slot may be reset, and runs in the order of time. */
  private float[] y = {};
  private boolean apart;

  RecurrentTraining(TrainingWiring wiring, Recurrent.Options options, TrainingCell cell) {
    this.wiring = wiring;
    this.options = options;
    this.cell = cell;
    in = wiring.input(0);
    out = wiring.output(0);
    units = options.units;
  }

  private int slotRead(int t) {
    return options.goBackwards ? t + 1 : t;
  }

  private int slotWritten(int t) {
    return options.goBackwards ? t : t + 1;
  }

  /** The time of the step that is carried out at some place. */
  private int time(int step) {
    return options.goBackwards ? steps - 1 - step : step;
  }

  @Override
  void ensure(Batch now) {
    batch = now;
    steps = in.steps;
    cell.ensure(steps * now.rows, now.rows, now.threads);
    cell.beginGradients(steps * now.rows, now.threads);
    apart = options.returnSequences && (now.resets != null || options.goBackwards);
    if (apart) {
      y = TrainingCell.room(y, steps * now.rows, cell.stride);
      out.set(y, 0, cell.stride, steps);
    } else if (options.returnSequences) {
      out.set(cell.h, now.rows * cell.stride, cell.stride, steps);
    } else {
      out.set(cell.h, lastSlot() * now.rows * cell.stride, cell.stride, 1);
    }
    List<Flow> outputs = wiring.outputs();
    if (outputs.size() > 1) {
      outputs.get(1).set(cell.h, lastSlot() * now.rows * cell.stride, cell.stride, 1);
    }
    if (outputs.size() > 2) {
      outputs.get(2).set(cell.c(), lastSlot() * now.rows * cell.stride, cell.stride, 1);
    }
  }

  private int firstSlot() {
    return slotRead(time(0));
  }

  private int lastSlot() {
    return slotWritten(time(steps - 1));
  }

  @Override
  void pack(float[] weights) {
    cell.pack(weights, wiring.at(0), wiring.at(1), wiring.at(2));
  }

  /** Takes the state of the batch before in, a constant, or one from the graph. */
  private void enter(int from, int end) {
    Planes state = batch.state;
    for (int p = 0; p < (cell.c() == null ? 1 : 2); p++) {
      float[] slots = p == 0 ? cell.h : cell.c();
      for (int row = from; row < end; row++) {
        int to = (firstSlot() * batch.rows + row) * cell.stride;
        if (!wiring.initialState().isEmpty()) {
          Flow given = wiring.initialState().get(p);
          System.arraycopy(given.value, given.at + row * given.stride, slots, to, units);
        } else if (wiring.plane() >= 0) {
          System.arraycopy(state.data(wiring.plane() + p), row * state.stride(wiring.plane() + p), slots, to, units);
        } else {
          Arrays.fill(slots, to, to + units, 0);
        }
      }
    }
  }

  /** Hands the state on to the next batch. */
  private void leave(int from, int end) {
    Planes state = batch.state;
    for (int p = 0; wiring.plane() >= 0 && p < (cell.c() == null ? 1 : 2); p++) {
      float[] slots = p == 0 ? cell.h : cell.c();
      for (int row = from; row < end; row++) {
        System.arraycopy(slots, (lastSlot() * batch.rows + row) * cell.stride, state.data(wiring.plane() + p),
            row * state.stride(wiring.plane() + p), units);
      }
    }
  }

  @Override
  void forward(Carrier k, int thread, int from, int to) {
    TrainingCell.Lane lane = cell.lanes[thread];
    int count = to - from;
    enter(from, to);
    for (int step = 0; step < steps; step++) {
      int t = time(step);
      int first = t * batch.rows + from;
      int read = slotRead(t) * batch.rows + from;
      int written = slotWritten(t) * batch.rows + from;
      cell.input(k, lane, lane.a.set(in.value, in.at + first * in.stride, in.stride), first, count);
      for (int row = 0; batch.resets != null && row < count; row++) {
        if (batch.resets[first + row]) {
          reset(read + row);
        }
      }
      cell.forward(k, lane, first, read, written, count);
      for (int row = 0; apart && row < count; row++) {
        System.arraycopy(cell.h, (written + row) * cell.stride, y, (step * batch.rows + from + row) * cell.stride, units);
      }
    }
    leave(from, to);
  }

  private void reset(int row) {
    Arrays.fill(cell.h, row * cell.stride, row * cell.stride + units, 0);
    if (cell.c() != null) {
      Arrays.fill(cell.c(), row * cell.stride, row * cell.stride + units, 0);
    }
  }

  @Override
  void backward(Carrier k, int thread, int from, int to) {
    TrainingCell.Lane lane = cell.lanes[thread];
    int count = to - from;
    for (int row = from; row < to; row++) {
      cell.clear(row);
    }
    List<Flow> outputs = wiring.outputs();
    if (!options.returnSequences) {
      add(out, from, from, count, cell.dh);
    }
    if (outputs.size() > 1) {
      add(outputs.get(1), from, from, count, cell.dh);
    }
    if (outputs.size() > 2) {
      add(outputs.get(2), from, from, count, cell.dc());
    }
    for (int step = steps - 1; step >= 0; step--) {
      int t = time(step);
      int first = t * batch.rows + from;
      if (options.returnSequences && step == steps - 1) {
        // That of every other step is part of the direct term, at which the chain below starts.
        add(out, step * batch.rows + from, from, count, cell.dh);
      }
      cell.backward(k, lane, first, slotRead(t) * batch.rows + from, slotWritten(t) * batch.rows + from, from, count);
      if (options.returnSequences && step > 0) {
        add(out, (step - 1) * batch.rows + from, from, count, cell.dh);
      }
      Rows dh = lane.c.set(cell.dh, from * cell.gradientStride, cell.gradientStride);
      cell.recurrentGradient(k, lane, first, count, dh);
      for (int row = 0; batch.resets != null && row < count; row++) {
        if (batch.resets[first + row]) {
          cell.clear(from + row);
          if (options.returnSequences && step > 0) {
            add(out, (step - 1) * batch.rows + from + row, from + row, 1, cell.dh);
          }
        }
      }
      if (in.wanted) {
        cell.inputGradient(k, lane, first, count,
            lane.a.set(in.gradient, first * in.gradientStride, in.gradientStride));
      }
    }
    for (int p = 0; p < wiring.initialState().size(); p++) {
      hand(p == 0 ? cell.dh : cell.dc(), wiring.initialState().get(p), from, to);
    }
  }

  /** Adds the gradient of some rows of an output to that of a state. */
  private void add(Flow flow, int first, int to, int count, float[] gradient) {
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

  private void hand(float[] gradient, Flow to, int from, int end) {
    for (int row = from; to.wanted && row < end; row++) {
      for (int j = 0; j < units; j++) {
        to.gradient[row * to.gradientStride + j] += gradient[row * cell.gradientStride + j];
      }
    }
  }

  @Override
  void gradients(Carrier k, int thread, float[] gradient) {
    TrainingCell.Lane lane = cell.lanes[thread];
    cell.gradients(k, thread, lane.c.set(in.value, in.at, in.stride), slotRead(0) * batch.rows, steps * batch.rows, gradient,
        wiring.at(0), wiring.at(1), wiring.at(2));
  }
}
