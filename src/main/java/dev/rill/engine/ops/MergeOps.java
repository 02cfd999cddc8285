package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import java.util.List;

/** Inputs of one shape joined element by element, from the first to the last, as Keras does; and their masks. */
public final class MergeOps extends LayerOps {
  /** How two are joined; the gradient of a largest or smallest goes to the first that is it, as in TensorFlow. */
  public enum Operation { ADD, SUBTRACT, MULTIPLY, AVERAGE, MAXIMUM, MINIMUM }

  private final Operation operation;

  /**
   * What runs of a layer.
   *
   * @param operation how it joins
   */
  public MergeOps(Operation operation) {
    this.operation = operation;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  /** Joins a stretch of another input into what has been joined so far. */
  private void join(float[] to, int at, float[] x, int xAt, int n) {
    switch (operation) {
      case ADD, AVERAGE -> {
        for (int j = 0; j < n; j++) {
          to[at + j] += x[xAt + j];
        }
      }
      case SUBTRACT -> {
        for (int j = 0; j < n; j++) {
          to[at + j] -= x[xAt + j];
        }
      }
      case MULTIPLY -> {
        for (int j = 0; j < n; j++) {
          to[at + j] *= x[xAt + j];
        }
      }
      case MAXIMUM -> {
        for (int j = 0; j < n; j++) {
          to[at + j] = Math.max(to[at + j], x[xAt + j]);
        }
      }
      case MINIMUM -> {
        for (int j = 0; j < n; j++) {
          to[at + j] = Math.min(to[at + j], x[xAt + j]);
        }
      }
      default -> throw new IllegalStateException(operation.name());
    }
  }

  /** What follows the last input. */
  private void finish(float[] to, int at, int n, int inputs) {
    for (int j = at; operation == Operation.AVERAGE && j < at + n; j++) {
      to[j] /= inputs;
    }
  }

  private final class Inference extends InferenceOp {
    private final int[] inputs;
    private final int[] masks;
    private final int width;
    private final int mask;

    Inference(OpContext context) {
      super(context);
      inputs = context.inputs();
      masks = context.masks();
      // One input alone hands its mask on.
      mask = inputs.length > 1 ? context.mask() : -1;
      width = context.features();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * (width + (mask < 0 ? 0 : 1));
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new MaskedResults(Math.toIntExact(results(capacity)), width, mask >= 0);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      MaskedResults s = (MaskedResults) memory.scratch(index);
      int steps = memory.view(input).steps;
      for (int i = 0; i < inputs.length; i++) {
        TensorView in = memory.view(inputs[i]);
        for (int cell = 0; cell < rows * steps; cell++) {
          int from = in.at + cell / steps * in.stride + cell % steps * in.stepStride;
          if (i == 0) {
            System.arraycopy(in.data, from, s.out, cell * width, width);
          } else {
            join(s.out, cell * width, in.data, from, width);
          }
        }
      }
      finish(s.out, 0, rows * steps * width, inputs.length);
      memory.view(outputs[0]).set(s.out, 0, steps * width, width, steps);
      if (mask >= 0) {
        memory.join(masks, rows, steps, s.mask);
        memory.view(mask).set(s.mask, 0, steps, 1, steps);
      }
    }
  }

  private final class Training extends TrainingOp {
    private final List<GradientView> inputs;
    private final GradientView out;
    private final int width;
    private final int stride;
    private int steps;
    private TrainingBatch batch;
    private float[] y = {};

    Training(TrainingOpContext context) {
      inputs = context.inputs();
      out = context.output(0);
      width = out.width;
      stride = KernelChoice.padded(width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      steps = inputs.get(0).steps;
      y = Buffers.grown(y, now.rows * steps, stride);
      out.set(y, 0, stride, steps);
      if (out.mask != null) {
        out.mask.ensure(now.rows * steps);
      }
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      for (int t = 0; t < steps; t++) {
        for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
          boolean counts = false;
          for (int i = 0; i < inputs.size(); i++) {
            GradientView in = inputs.get(i);
            if (i == 0) {
              System.arraycopy(in.value, in.at + cell * in.stride, y, cell * stride, width);
            } else {
              join(y, cell * stride, in.value, in.at + cell * in.stride, width);
            }
            counts |= in.mask == null || in.mask.counts(cell);
          }
          finish(y, cell * stride, width, inputs.size());
          if (out.mask != null && inputs.size() > 1) {
            out.mask.set(cell, counts);
          }
        }
      }
    }

    @Override
    public void backward(Kernels k, int thread, int from, int to) {
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        for (int t = 0; in.wanted && t < steps; t++) {
          for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
            for (int j = 0; j < width; j++) {
              in.gradient[cell * in.gradientStride + j] += out.gradient[cell * out.gradientStride + j] * slope(i, cell, j);
            }
          }
        }
      }
    }

    /** The derivative of one element with respect to one input. */
    private float slope(int input, int cell, int j) {
      switch (operation) {
        case ADD:
          return 1;
        case SUBTRACT:
          return input == 0 ? 1 : -1;
        case AVERAGE:
          return 1f / inputs.size();
        case MULTIPLY:
          float product = 1;
          for (int i = 0; i < inputs.size(); i++) {
            product *= i == input ? 1 : x(i, cell, j);
          }
          return product;
        default:
          for (int i = 0; i < input; i++) {
            if (x(i, cell, j) == y[cell * stride + j]) {
              return 0;
            }
          }
          return x(input, cell, j) == y[cell * stride + j] ? 1 : 0;
      }
    }

    private float x(int input, int cell, int j) {
      GradientView in = inputs.get(input);
      return in.value[in.at + cell * in.stride + j];
    }
  }
}
