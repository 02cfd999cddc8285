package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.Pooling1D;
import dev.rill.layers.Window;

/** The largest values of windows, or their means: sums in the order of the steps, divided by their number. */
public final class Pooling1DOps extends LayerOps {
  private final Window window;
  private final boolean max;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public Pooling1DOps(Pooling1D<?> layer) {
    window = layer.window();
    max = layer.largest();
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, window, max);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, window, max);
  }

  /** The first step within the sequence that a window reads. */
  private static int first(Window window, int t, int read) {
    return Math.max(0, t * window.strides() - window.before(read));
  }

  /** The step behind the last that it reads. */
  private static int end(Window window, int t, int read) {
    return Math.min(read, t * window.strides() - window.before(read) + window.size());
  }

  /**
   * Pools some steps.
   *
   * @param x features, {@code count} times {@code step} floats apart
   * @param y results, not among {@code x}
   */
  private static void pool(boolean max, int count, int width, float[] x, int from, int step, float[] y, int to) {
    System.arraycopy(x, from, y, to, width);
    for (int i = 1, at = from + step; i < count; i++, at += step) {
      PooledSteps.add(max, width, x, at, y, to);
    }
    PooledSteps.end(max, count, width, y, to);
  }

  /** Results one behind the other. */
  private static final class Inference extends InferenceOp {
    private final Window window;
    private final boolean max;
    private final int width;

    Inference(OpContext context, Window window, boolean max) {
      super(context);
      this.window = window;
      this.max = max;
      width = context.features();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * width;
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      float[] out = (float[]) memory.scratch(index);
      int steps = window.steps(in.steps);
      for (int row = 0, to = 0; row < rows; row++) {
        for (int t = 0; t < steps; t++, to += width) {
          int first = first(window, t, in.steps);
          pool(max, end(window, t, in.steps) - first, width, in.data, in.at + row * in.stride + first * in.stepStride,
              in.stepStride, out, to);
        }
      }
      memory.view(outputs[0]).set(out, 0, steps * width, width, steps);
    }
  }

  /** In training the gradient goes to the first step that has the largest value, or is shared out to all. */
  private static final class Training extends TrainingOp {
    private final GradientView in;
    private final GradientView out;
    private final Window window;
    private final boolean max;
    private final int stride;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context, Window window, boolean max) {
      in = context.input(0);
      out = context.output(0);
      this.window = window;
      this.max = max;
      stride = KernelChoice.padded(in.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      int steps = window.steps(in.steps);
      y = Buffers.grown(y, Math.multiplyExact(now.rows, steps), stride);
      out.set(y, 0, stride, steps);
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < out.steps; t++) {
        int first = first(window, t, in.steps);
        for (int row = 0; row < batch.rows; row++) {
          pool(max, end(window, t, in.steps) - first, in.width, in.value, in.at + (first * batch.rows + row) * in.stride,
              batch.rows * in.stride, y, (t * batch.rows + row) * stride);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < out.steps; t++) {
        int first = first(window, t, in.steps);
        int end = end(window, t, in.steps);
        for (int row = 0; row < batch.rows; row++) {
          int cell = t * batch.rows + row;
          for (int j = 0; j < in.width; j++) {
            float gradient = out.gradient[cell * out.gradientStride + j];
            if (max) {
              int step = first;
              while (step < end - 1 && value(step, row, j) != y[cell * stride + j]) {
                step++;
              }
              add(step, row, j, gradient);
            }
            for (int step = first; !max && step < end; step++) {
              add(step, row, j, gradient / (end - first));
            }
          }
        }
      }
    }

    private float value(int step, int row, int feature) {
      return in.value[in.at + (step * batch.rows + row) * in.stride + feature];
    }

    private void add(int step, int row, int feature, float gradient) {
      in.gradient[(step * batch.rows + row) * in.gradientStride + feature] += gradient;
    }
  }
}
