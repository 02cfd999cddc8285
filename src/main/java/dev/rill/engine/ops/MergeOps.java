package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import java.util.Arrays;
import java.util.List;

/**
 * Inputs joined element by element, from the first to the last, as Keras does; and their masks. An input of one step, or of one
 * feature, is read again at every step, or for every feature.
 *
 * <p>A step that does not count in an input takes no part in a product, a largest or a smallest. Where it counts in none, a product is
 * 0, a largest or smallest the first input. Sums do not look at masks.
 */
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

  /** Whether steps that do not count are left out. */
  private boolean heedsMasks() {
    return operation == Operation.MULTIPLY || operation == Operation.MAXIMUM || operation == Operation.MINIMUM;
  }

  /** What follows the last input. */
  private void finish(float[] to, int at, int n, int inputs) {
    for (int j = at; operation == Operation.AVERAGE && j < at + n; j++) {
      to[j] /= inputs;
    }
  }

  /** Joins an input that may have one feature alone. */
  private void join(float[] to, int at, int n, float[] x, int xAt, int width, boolean first) {
    if (width < n) {
      for (int j = 0; j < n; j++) {
        join(to, at + j, 1, x, xAt, 1, first);
      }
    } else if (first) {
      System.arraycopy(x, xAt, to, at, n);
    } else {
      join(to, at, x, xAt, n);
    }
  }

  private final class Inference extends InferenceOp {
    private final int[] inputs;
    private final int[] masks;
    private final int[] widths;
    private final int width;
    private final boolean steps;
    private final int mask;

    Inference(OpContext context) {
      super(context);
      inputs = context.inputs();
      masks = context.masks();
      widths = context.widths();
      // One input alone hands its mask on.
      mask = inputs.length > 1 ? context.mask() : -1;
      width = widest(widths);
      steps = context.outputSteps() != 1;
    }

    private long cells(Capacity capacity) {
      return steps ? capacity.cells() : capacity.rows();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return cells(capacity) * (width + (mask < 0 ? 0 : 1));
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new MaskedResults(Math.toIntExact(cells(capacity)), width, mask >= 0);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      MaskedResults s = (MaskedResults) memory.scratch(index);
      int count = 1;
      for (int i : inputs) {
        count = Math.max(count, memory.view(i).steps);
      }
      for (int cell = 0; cell < rows * count; cell++) {
        join(memory, s.out, cell * width, cell / count, cell % count);
      }
      finish(s.out, 0, rows * count * width, inputs.length);
      memory.view(outputs[0]).set(s.out, 0, count * width, width, count);
      if (mask >= 0) {
        memory.join(masks, rows, count, s.mask);
        memory.view(mask).set(s.mask, 0, count, 1, count);
      }
    }

    /** Joins what the inputs have at one step of one row. */
    private void join(OpMemory memory, float[] out, int to, int row, int step) {
      boolean none = true;
      for (int i = 0; i < inputs.length; i++) {
        TensorView in = memory.view(inputs[i]);
        int own = in.steps == 1 ? 0 : step;
        boolean counts = !heedsMasks() || masks[i] < 0 || memory.view(masks[i]).counts(row, own);
        if (counts || i == 0) {
          MergeOps.this.join(out, to, width, in.data, in.at + row * in.stride + own * in.stepStride, widths[i], none);
        }
        none &= !counts;
      }
      if (none && operation == Operation.MULTIPLY) {
        Arrays.fill(out, to, to + width, 0);
      }
    }
  }

  private static int widest(int[] widths) {
    int widest = 0;
    for (int width : widths) {
      widest = Math.max(widest, width);
    }
    return widest;
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
      steps = 1;
      for (int i = 0; i < inputs.size(); i++) {
        steps = Math.max(steps, inputs.get(i).steps);
      }
      y = Buffers.grown(y, Math.multiplyExact(now.rows, steps), stride);
      out.set(y, 0, stride, steps);
      if (out.mask != null) {
        out.mask.ensure(now.rows * steps);
      }
    }

    /** Whether a step counts in an input, or masks do not matter. */
    private boolean takesPart(int input, int cell) {
      GradientView in = inputs.get(input);
      return !heedsMasks() || in.mask == null || in.mask.counts(cell(in, cell));
    }

    private boolean counts(int cell) {
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        if (in.mask == null || in.mask.counts(cell(in, cell))) {
          return true;
        }
      }
      return false;
    }

    /** Which row of an input's matrix goes with one of the output's. */
    private int cell(GradientView in, int cell) {
      return in.steps == 1 ? cell % batch.rows : cell;
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          boolean none = true;
          for (int i = 0; i < inputs.size(); i++) {
            GradientView in = inputs.get(i);
            if (takesPart(i, cell) || i == 0) {
              join(y, cell * stride, width, in.value, in.at + cell(in, cell) * in.stride, in.width, none);
            }
            none &= !takesPart(i, cell);
          }
          if (none && operation == Operation.MULTIPLY) {
            Arrays.fill(y, cell * stride, cell * stride + width, 0);
          }
          finish(y, cell * stride, width, inputs.size());
          if (out.mask != null && inputs.size() > 1) {
            out.mask.set(cell, counts(cell));
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int i = 0; i < inputs.size(); i++) {
        GradientView in = inputs.get(i);
        for (int t = 0; in.wanted && t < steps; t++) {
          for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
            int into = cell(in, cell) * in.gradientStride;
            for (int j = 0; j < width; j++) {
              in.gradient[into + (in.width == 1 ? 0 : j)] += out.gradient[cell * out.gradientStride + j] * slope(i, cell, j);
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
          float product = takesPart(input, cell) ? 1 : 0;
          for (int i = 0; i < inputs.size(); i++) {
            product *= i == input || !takesPart(i, cell) ? 1 : x(i, cell, j);
          }
          return product;
        default:
          boolean none = !counts(cell);
          for (int i = 0; i < input; i++) {
            if (none || takesPart(i, cell) && x(i, cell, j) == y[cell * stride + j]) {
              return 0;
            }
          }
          return (none || takesPart(input, cell)) && x(input, cell, j) == y[cell * stride + j] ? 1 : 0;
      }
    }

    private float x(int input, int cell, int j) {
      GradientView in = inputs.get(input);
      return in.value[in.at + cell(in, cell) * in.stride + (in.width == 1 ? 0 : j)];
    }
  }
}
