package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/** An op at home in one workspace: what a single step looks up there has been looked up. As short-lived as the op's scratch. */
public interface BoundOp {
  /**
   * Runs a step with everything where it was in the last call of the workspace, a step of as many rows of the same planes.
   *
   * @param k the kernels of this call
   * @param state planes, read and advanced
   * @param first row of the planes; the others follow
   * @param rows rows of the input
   */
  void again(Kernels k, Planes state, int first, int rows);
}
