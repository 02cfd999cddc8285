package dev.rill.engine;

import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOp;
import dev.rill.kernels.Kernels;
import dev.rill.tensor.Shape;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Weights;
import java.util.Arrays;

/**
 * What the loss takes for a layer's output: the regularizer's value, and its gradient, over all rows at once, divided by their
 * number as in Keras. Stands behind the layer, so that the gradient is there before the layer hands it on.
 */
final class ActivityTraining extends TrainingOp {
  private final GradientView out;
  private final String layer;
  private final Regularizer regularizer;
  private TrainingBatch batch;
  /** Outputs and their gradient in Keras' order, of the size that they last had. */
  private Weights.Slice slice;
  private float[] values;
  private float[] gradient;

  ActivityTraining(GradientView out, String layer, Regularizer regularizer) {
    this.out = out;
    this.layer = layer;
    this.regularizer = regularizer;
    regularizer.check(slice(2, 2));
  }

  private Weights.Slice slice(int rows, int steps) {
    return new Weights.Slice(layer, "output", out.sequence ? Shape.of(rows, steps, out.width) : Shape.of(rows, out.width), 0);
  }

  @Override
  public boolean wholeBatch() {
    return true;
  }

  @Override
  public void ensure(TrainingBatch now) {
    batch = now;
    if (slice == null || slice.size() != now.rows * out.steps * out.width) {
      slice = slice(now.rows, out.steps);
      values = new float[slice.size()];
      gradient = new float[slice.size()];
      regularizer.check(slice);
    }
  }

  @Override
  public void forward(Kernels k) {
    for (int t = 0; t < out.steps; t++) {
      for (int row = 0; row < batch.rows; row++) {
        System.arraycopy(out.value, out.at + (t * batch.rows + row) * out.stride, values, at(t, row), out.width);
      }
    }
  }

  private int at(int t, int row) {
    return (row * out.steps + t) * out.width;
  }

  /** What is added to the loss, after forward. */
  float penalty() {
    Arrays.fill(gradient, 0);
    regularizer.addGradient(values, gradient, slice);
    return regularizer.value(values, slice) / batch.rows;
  }

  @Override
  public void backward(Kernels k) {
    for (int t = 0; out.wanted && t < out.steps; t++) {
      for (int row = 0; row < batch.rows; row++) {
        int into = (t * batch.rows + row) * out.gradientStride;
        for (int j = 0; j < out.width; j++) {
          out.gradient[into + j] += gradient[at(t, row) + j] / batch.rows;
        }
      }
    }
  }
}
