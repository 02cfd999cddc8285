package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;

/**
 * One application of a layer in training: forward keeping what backward needs, backward, and the gradients of its weights.
 * The gradients of the weights are summed up by sections of rows. One thread at a time uses it.
 */
public abstract class TrainingOp {
  /** Makes room for a batch; the inputs' steps are known. */
  public abstract void ensure(TrainingBatch batch);

  /** Multiply-adds of the products of one row in the forward pass: by them it is decided how a batch is shared out. */
  public long multiplyAdds() {
    return 0;
  }

  /** Fills packed weights. */
  public void pack(float[] weights) {}

  /**
   * Whether everything takes all rows at once, by one thread: because a row's output depends on the others.
   *
   * @return false by default
   */
  public boolean wholeBatch() {
    return false;
  }

  /** Changes, once an update has been made, what is kept but not trained. */
  public void update(float[] weights) {}

  /** Computes the outputs. */
  public abstract void forward(Kernels k);

  /** Adds to the gradients of the inputs. */
  public abstract void backward(Kernels k);

  /**
   * Whether it adds to few of many weights: then that is done for one section after the other by one thread, which reads no others.
   *
   * @return false by default
   */
  public boolean sparse() {
    return false;
  }

  /** Adds to the gradient of the weights that of rows {@code from} to {@code to}, a section or all of them. */
  public void gradients(Kernels k, int from, int to, float[] gradient) {}
}
