package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/**
 * A layer that runs: packed weights and the signals it connects. Immutable and shared by all threads; whatever changes
 * lies in the workspace or the planes.
 */
abstract class InferenceOp {
  /** Name of the layer, for messages. */
  final String layer;
  /** Place in the plan: where the scratch lies in a workspace. */
  final int index;
  /** TensorView read; of several, the first. */
  final int input;
  /** Signals that replace the state at the start of a call. */
  final int[] initialState;
  /** Signals written. */
  final int[] outputs;
  /** First plane of the state. */
  final int plane;
  /** Whether the input is a sequence; if not, there is one step whatever the call's number of steps. */
  final boolean sequence;

  InferenceOp(OpContext wiring) {
    // Not the wiring itself: it would keep the unpacked weights alive.
    layer = wiring.layer();
    index = wiring.index();
    input = wiring.input();
    initialState = wiring.initialState();
    outputs = wiring.outputs();
    plane = wiring.plane();
    sequence = wiring.shape().rank() == 3;
  }

  /** Bytes of packed weights. */
  long weightBytes() {
    return 0;
  }

  /** Floats of scratch that {@link #scratch} takes. */
  abstract long scratchFloats(Capacity room);

  /** Cursors with results of products of several rows. */
  long copies() {
    return 0;
  }

  /** Scratch for calls that fit a room, kept in the workspace; may be null. */
  abstract Object scratch(Capacity room);

  /**
   * Runs some steps.
   *
   * @param k the kernels of this call
   * @param ws signals and scratch
   * @param state planes, read and advanced
   * @param map the row of the planes for each row of the input, or null where they are the same
   * @param rows rows of the input
   */
  abstract void run(Kernels k, Workspace ws, Planes state, int[] map, int rows);

  /** Whether {@link #again} may follow a single step. */
  boolean repeats() {
    return true;
  }

  /**
   * Runs a step with everything where it was in the last call of this workspace, a step of as many rows of the same planes. What
   * keeps no state runs as ever.
   *
   * @param k the kernels of this call
   * @param ws signals and scratch
   * @param state planes, read and advanced
   * @param first row of the planes; the others follow
   * @param rows rows of the input
   */
  void again(Kernels k, Workspace ws, Planes state, int first, int rows) {
    run(k, ws, state, null, rows);
  }

  /** Rows of results that fit a room. */
  final long results(Capacity room) {
    return sequence ? room.cells() : room.rows();
  }
}
