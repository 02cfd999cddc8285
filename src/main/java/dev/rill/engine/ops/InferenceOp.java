package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import java.util.List;

/**
 * A layer that runs: packed weights and the signals it connects. Immutable and shared by all threads; whatever changes
 * lies in the workspace or the planes.
 */
public abstract class InferenceOp {
  /** Name of the layer, for messages. */
  public final String layerName;
  /** Place in the plan: where the scratch lies in a workspace. */
  public final int index;
  /** Signal read; of several, the first. */
  public final int input;
  /** Signals that replace the state at the start of a call. */
  public final int[] initialState;
  /** Signals written. */
  public final int[] outputs;
  /** First plane of the state. */
  public final int plane;
  /** Whether the input is a sequence; if not, there is one step whatever the call's number of steps. */
  public final boolean sequence;

  public InferenceOp(OpContext context) {
    // Not the context itself: it would keep the unpacked weights alive.
    layerName = context.layer();
    index = context.index();
    input = context.input();
    initialState = context.initialState();
    outputs = context.outputs();
    plane = context.plane();
    sequence = context.sequence();
  }

  /** Bytes of packed weights. */
  public long weightBytes() {
    return 0;
  }

  /** Floats of scratch that {@link #scratch} takes. */
  public abstract long scratchFloats(Capacity capacity);

  /** What it tells a {@link StateTap}: its states, then on request its gates. */
  public List<TappedPlane> tapped(boolean gates) {
    return List.of();
  }

  /** Who is told by what runs inside it, and hands that on; null if nothing does. */
  public StateTap tapInside(StateTap outside) {
    return null;
  }

  /** Floats that it needs to tell its gates. */
  public int tapScratch() {
    return 0;
  }

  /** Cursors with results of products of several rows. */
  public long copies() {
    return 0;
  }

  /** How many (time, row) of a call are best carried out at once. */
  public int blockCells() {
    return Capacity.BLOCK;
  }

  /** Scratch for calls that fit a capacity, kept in the workspace: floats, where an op says nothing else; may be null. */
  public Object scratch(Capacity capacity) {
    return new float[Math.toIntExact(scratchFloats(capacity))];
  }

  /**
   * Runs some steps.
   *
   * @param k the kernels of this call
   * @param memory signals and scratch
   * @param state planes, read and advanced
   * @param map the row of the planes for each row of the input, or null where they are the same
   * @param rows rows of the input
   */
  public abstract void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows);

  /** Whether {@link #again} may follow a single step. */
  public boolean repeats() {
    return true;
  }

  /**
   * Runs a step with everything where it was in the last call of this workspace, a step of as many rows of the same planes. What
   * keeps no state runs as ever.
   *
   * @param k the kernels of this call
   * @param memory signals and scratch
   * @param state planes, read and advanced
   * @param first row of the planes; the others follow
   * @param rows rows of the input
   */
  public void again(Kernels k, OpMemory memory, Planes state, int first, int rows) {
    run(k, memory, state, null, rows);
  }

  /**
   * What runs a step again in one workspace.
   *
   * @param memory signals, and scratch that has been made
   * @return a new one
   */
  public BoundOp bind(OpMemory memory) {
    // No lambda: the first one costs a new process some 20 ms.
    return new BoundOp() {
      @Override
      public void again(Kernels k, Planes state, int first, int rows) {
        InferenceOp.this.again(k, memory, state, first, rows);
      }
    };
  }

  /** Rows of results that fit a capacity. */
  public final long results(Capacity capacity) {
    return sequence ? capacity.cells() : capacity.rows();
  }
}
