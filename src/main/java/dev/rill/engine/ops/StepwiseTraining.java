package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;

/** Gives numbers at each step of its only input, in rows of its own that grow to the largest batch. */
abstract class StepwiseTraining extends TrainingOp {
  final GradientView in;
  final GradientView out;
  /** Floats between rows of {@link #y}. */
  final int stride;
  TrainingBatch batch;
  /** Outputs: [time * rows]. */
  float[] y = {};

  StepwiseTraining(TrainingOpContext context) {
    this(context, 0);
  }

  /**
   * One whose rows end in padding that belongs to no other row.
   *
   * @param padding floats of it
   */
  StepwiseTraining(TrainingOpContext context, int padding) {
    in = context.input(0);
    out = context.output(0);
    stride = KernelChoice.padded(out.width) + padding;
  }

  @Override
  public void ensure(TrainingBatch now) {
    batch = now;
    y = Buffers.grown(y, now.rows * in.steps, stride);
    out.set(y, 0, stride, in.steps);
  }
}
