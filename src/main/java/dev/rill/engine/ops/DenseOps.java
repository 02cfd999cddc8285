package dev.rill.engine.ops;

import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import dev.rill.layers.Dense;

/** A dense layer: {@code y = act(x @ W + b)}. */
public final class DenseOps extends LayerOps {
  private final Dense layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public DenseOps(Dense layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer.units(), Functions.of(layer.activation()));
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer.units(), Functions.of(layer.activation()), layer.useBias());
  }

  /** A dense product of every row and step, and its activation. */
  private static final class Inference extends InferenceOp {
    /** Scratch: the results, and cursors for the kernels. */
    private static final class Scratch {
      final float[] out;
      final Rows x = new Rows();
      final Rows y = new Rows();

      Scratch(int floats) {
        out = new float[floats];
      }
    }

    private final PackedWeights panels;
    private final Function function;
    private final int units;

    Inference(OpContext context, int units, Function function) {
      super(context);
      this.units = units;
      this.function = function;
      boolean bias = context.slices().size() > 1;
      panels = PackedWeights.dense(context.packing(), units, context.features(), context.weights(), context.at(0), 0, null, 0,
          bias ? context.weights() : null, bias ? context.at(1) : 0);
    }

    @Override
    public long weightBytes() {
      return panels.bytes();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * panels.outputLength();
    }

    @Override
    public long copies() {
      return 1;
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new Scratch(Math.toIntExact(scratchFloats(capacity)));
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      Scratch s = (Scratch) memory.scratch(index);
      int steps = in.steps;
      int stride = panels.outputLength();
      if (steps == 1) {
        k.matmul(panels, rows, null, in, null, s.y.set(s.out, 0, stride));
      } else {
        // Neighbouring steps of one row lie at one stride, so they are rows of a product.
        for (int row = 0; row < rows; row++) {
          k.matmul(panels, steps, null, s.x.set(in.data, in.at + row * in.stride, in.stepStride), null,
              s.y.set(s.out, row * steps * stride, stride));
        }
      }
      Functions.apply(function, k, s.out, rows * steps, units, stride);
      memory.view(outputs[0]).set(s.out, 0, steps * stride, stride, steps);
    }
  }

  /** A dense layer in training: {@code y = act(x @ W + b)}, {@code dz = dy . act'}, {@code dx = dz @ W^T}. */
  private static final class Training extends TrainingOp {
    private final GradientView in;
    private final GradientView out;
    private final int units;
    private final int kernelAt;
    private final int biasAt;
    private final PackedWeights kernel;
    private final PackedWeights back;
    private final WeightGradient sums;
    private final int stride;
    private TrainingBatch batch;
    private final TrainingScratch scratch = new TrainingScratch(0);
    private float[] y = {};
    private float[] before = {};

    Training(TrainingOpContext context, int units, Function function, boolean bias) {
      in = context.input(0);
      out = context.output(0);
      this.units = units;
      kernelAt = context.at(0);
      biasAt = bias ? context.at(1) : -1;
      kernel = PackedWeights.fillable(units, in.width);
      back = PackedWeights.fillable(in.width, units);
      sums = new WeightGradient(bias, units, in.width);
      stride = kernel.outputLength() + KernelChoice.PADDING;
      out.results(function);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      int cells = now.rows * in.steps;
      y = Buffers.grown(y, cells, stride);
      if (out.keepsInput) {
        before = Buffers.grown(before, cells, stride);
      }
      out.set(y, 0, stride, in.steps);
      out.before = before;
      sums.ensure(now.sectionRows * in.steps);
    }

    @Override
    public long multiplyAdds() {
      return (long) in.steps * in.width * units;
    }

    @Override
    public void pack(float[] weights) {
      kernel.fill(weights, kernelAt, units, units);
      if (biasAt >= 0) {
        kernel.fillStart(weights, biasAt, units);
      }
      if (in.wanted) {
        back.fillTransposed(weights, kernelAt, units, in.width);
      }
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        int first = t * batch.rows;
        k.matmul(kernel, batch.rows, null, scratch.a.set(in.value, in.at + first * in.stride, in.stride), null,
            scratch.b.set(y, first * stride, stride));
        for (int row = first; row < first + batch.rows; row++) {
          out.activate(k, row, scratch.tail);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        int first = t * batch.rows;
        for (int row = first; row < first + batch.rows; row++) {
          out.differentiate(k, row);
        }
        if (in.wanted) {
          Rows dx = scratch.c.set(in.gradient, first * in.gradientStride, in.gradientStride);
          k.matmul(back, batch.rows, dx, scratch.a.set(out.gradient, first * out.gradientStride, out.gradientStride), null, dx);
        }
      }
    }

    @Override
    public void gradients(Kernels k, int from, int to, float[] weightGradient) {
      sums.begin();
      sums.add(k, scratch.a.set(in.value, in.at + from * in.stride, in.stride), null,
          scratch.b.set(out.gradient, from * out.gradientStride, out.gradientStride), in.steps, to - from, batch.rows);
      sums.deliver(0, in.width, weightGradient, kernelAt, units);
      if (biasAt >= 0) {
        sums.deliver(sums.biasRow(), 1, weightGradient, biasAt, 0);
      }
    }
  }
}
