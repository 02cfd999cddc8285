package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;

/**
 * One application of a layer in training: forward keeping what backward needs, backward, and the gradients of its weights.
 * Forward and backward share out rows to threads, the weights' gradients columns: never a sum, so that the number of threads
 * changes no bit. Any thread may do a share, whose number {@code thread} is.
 */
public abstract class TrainingOp {
  /** Makes room for a batch; the inputs' steps are known. */
  public abstract void ensure(TrainingBatch batch);

  /** Multiply-adds of the products of one row in the forward pass: by them it is decided how a batch is shared out. */
  public long multiplyAdds() {
    return 0;
  }

  /** Makes room for every thread's share and starts the sums of the weights' gradients at zero. */
  public void shareOut() {}

  /** Fills packed weights. */
  public void pack(float[] weights) {}

  /**
   * Whether forward and backward take all rows at once, by one thread: because a row's output depends on the others.
   *
   * @return false by default
   */
  public boolean wholeBatch() {
    return false;
  }

  /** Changes, once an update has been made, what is kept but not trained. */
  public void update(float[] weights) {}

  /** Computes the outputs of rows {@code from} to {@code to} at every step. */
  public abstract void forward(Kernels k, int thread, int from, int to);

  /** Adds to the gradients of the inputs those of some rows. */
  public abstract void backward(Kernels k, int thread, int from, int to);

  /** Adds to the gradient of the weights. */
  public void gradients(Kernels k, int thread, float[] gradient) {}
}
