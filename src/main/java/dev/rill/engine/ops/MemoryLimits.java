package dev.rill.engine.ops;

import dev.rill.tensor.ShapeException;

/** What to say where memory for a call or a state cannot be had. */
public final class MemoryLimits {
  private MemoryLimits() {}

  /** Where scratch memory for a call does not fit. */
  static ShapeException tooLarge(InferenceOp[] ops, Capacity capacity) {
    InferenceOp most = ops[0];
    long all = 0;
    for (InferenceOp op : ops) {
      all += op.scratchFloats(capacity);
      most = op.scratchFloats(capacity) > most.scratchFloats(capacity) ? op : most;
    }
    return new ShapeException("a call of " + capacity.rows() + " rows, " + capacity.cells() + " row-steps in all, takes " + 4 * all
        + " bytes of scratch memory, " + 4 * most.scratchFloats(capacity) + " of them for layer " + most.layerName + heap());
  }

  /** The end of such a message. */
  public static String heap() {
    return "; an array holds at most 2^31 - 1 floats and the JVM's heap " + Runtime.getRuntime().maxMemory()
        + " bytes: take fewer rows, or raise -Xmx";
  }
}
