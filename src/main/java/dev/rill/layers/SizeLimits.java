package dev.rill.layers;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Planes;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import java.util.List;

/**
 * What does not fit into arrays or the heap is refused with the layer's name and the bytes: signals that none could hold when the
 * model is made, states and scratch memory before anything changes.
 */
final class SizeLimits {
  /** 64 MB a step: a few dozen rows or steps of it still fit into an array. */
  private static final int MAX_FEATURES = 1 << 24;
  /** 512 MB a row: of sequences whose length the model fixes. */
  private static final int MAX_SEQUENCE = 1 << 27;

  private SizeLimits() {}

  /** Refuses a signal, given the layer that makes it. */
  static void check(Layer layer, Shape shape) {
    long features = Math.max(1, shape.axis(-1));
    if (features > MAX_FEATURES) {
      throw new ShapeException("layer " + layer.label() + " has an output of shape " + shape + ": at most " + MAX_FEATURES
          + " features are supported");
    }
    long steps = shape.rank() == 3 ? Math.max(1, shape.axis(1)) : 1;
    if (steps * features > MAX_SEQUENCE) {
      throw new ShapeException("layer " + layer.label() + " has an output of shape " + shape + ", " + 4 * steps * features
          + " bytes for one row: at most " + 4L * MAX_SEQUENCE + " are supported");
    }
  }

  /** States of zeros, or a refusal that names the layer which keeps the most. */
  static StateBuffer state(List<State.Plane> planes, int rows) {
    State.Plane widest = null;
    for (State.Plane plane : planes) {
      widest = widest == null || plane.units() > widest.units() ? plane : widest;
    }
    try {
      if (widest == null || (long) rows * KernelChoice.padded(widest.units()) < Integer.MAX_VALUE) {
        return new StateBuffer(planes, rows);
      }
    } catch (OutOfMemoryError e) {
      // Said below, with what was asked for.
    }
    throw new ShapeException("the states of " + rows + " rows take " + Planes.bytes(StateBuffer.units(planes), rows) + " bytes"
        + (widest == null ? "" : ", those of layer " + widest.layer() + " the most") + heap());
  }

  /** What to say where scratch memory for a call does not fit. */
  static ShapeException tooLarge(InferenceOp[] programs, Capacity room) {
    InferenceOp most = programs[0];
    long all = 0;
    for (InferenceOp program : programs) {
      all += program.scratchFloats(room);
      most = program.scratchFloats(room) > most.scratchFloats(room) ? program : most;
    }
    return new ShapeException("a call of " + room.rows() + " rows, " + room.cells() + " row-steps in all, takes " + 4 * all
        + " bytes of scratch memory, " + 4 * most.scratchFloats(room) + " of them for layer " + most.layer + heap());
  }

  private static String heap() {
    return "; an array holds at most 2^31 - 1 floats and the JVM's heap " + Runtime.getRuntime().maxMemory()
        + " bytes: take fewer rows, or raise -Xmx";
  }
}
