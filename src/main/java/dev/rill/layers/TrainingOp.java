package dev.rill.layers;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;

/**
 * One application of a layer in training: forward keeping what backward needs, backward, and the gradients of its weights.
 * Forward and backward share out rows to threads, the weights' gradients columns: never a sum, so that the number of threads
 * changes no bit. Any thread may do a share, whose number {@code thread} is.
 */
abstract class TrainingOp {
  /** What one batch has in common. */
  static final class Batch {
    int rows;
    /** How many shares rows and columns are cut into, as if each had a thread of its own. */
    int threads;
    /** The state that stateful layers read and advance. */
    Planes state;
    /** Whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never. */
    boolean[] resets;
    /** Whether dropout takes place. */
    boolean training;
    /** Number of this training call: what random numbers are a function of. */
    long call;
    long seed;
  }

  /** Makes room for a batch; the inputs' steps are known. */
  abstract void ensure(Batch batch);

  /** Multiply-adds of the products of one row in the forward pass: by them it is decided how a batch is shared out. */
  long multiplyAdds() {
    return 0;
  }

  /** Makes room for every thread's share and starts the sums of the weights' gradients at zero. */
  void shareOut() {}

  /** Fills packed weights. */
  void pack(float[] weights) {}

  /** Computes the outputs of rows {@code from} to {@code to} at every step. */
  abstract void forward(Kernels k, int thread, int from, int to);

  /** Adds to the gradients of the inputs those of some rows. */
  abstract void backward(Kernels k, int thread, int from, int to);

  /** Adds to the gradient of the weights. */
  void gradients(Kernels k, int thread, float[] gradient) {}
}
