package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Pairwise;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Table;
import dev.rill.layers.Embedding;

/** A row of a table for each id. */
public final class EmbeddingOps extends LayerOps {
  private final Embedding layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public EmbeddingOps(Embedding layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer);
  }

  /** Looks vectors up. Ids lie in memory as a sequence of one feature. */
  private static final class Inference extends InferenceOp {
    private final Embedding layer;
    private final Table table;
    private final int units;
    private final int mask;

    Inference(OpContext context, Embedding layer) {
      super(context);
      this.layer = layer;
      units = layer.units();
      mask = context.mask();
      table = Table.of(context.packing(), context.weights(), context.at(0), context.slices().get(0).size() / units, units);
    }

    @Override
    public long weightBytes() {
      return table.bytes();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * (units + (mask < 0 ? 0 : 1));
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new MaskedResults(Math.toIntExact(results(capacity)), units, mask >= 0);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      MaskedResults s = (MaskedResults) memory.scratch(index);
      int cell = 0;
      for (int row = 0; row < rows; row++) {
        for (int step = 0; step < in.steps; step++, cell++) {
          float id = in.data[in.at + row * in.stride + step * in.stepStride];
          table.read((int) id, s.out, cell * units);
          if (mask >= 0) {
            s.mask[cell] = id != 0 ? 1 : 0;
          }
        }
      }
      memory.view(outputs[0]).set(s.out, 0, in.steps * units, units, in.steps);
      if (mask >= 0) {
        memory.view(mask).set(s.mask, 0, in.steps, 1, in.steps);
      }
    }
  }

  /**
   * {@link Embedding} in training. A row of the table gets the sum of the gradients of every step that read it, t ascending, then
   * row.
   */
  private static final class Training extends StepwiseTraining {
    private final Embedding layer;
    private final int units;
    private final int tableAt;
    private float[] weights;

    Training(TrainingOpContext context, Embedding layer) {
      super(context);
      this.layer = layer;
      units = layer.units();
      tableAt = context.at(0);
    }

    @Override
    public void ensure(TrainingBatch now) {
      super.ensure(now);
      if (layer.maskZero()) {
        out.mask.ensure(now.rows * in.steps);
      }
    }

    @Override
    public void pack(float[] all) {
      weights = all;
    }

    private float id(int cell) {
      return in.value[in.at + cell * in.stride];
    }

    private int row(int cell) {
      return tableAt + (int) id(cell) * units;
    }

    @Override
    public void forward(Kernels k) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          System.arraycopy(weights, row(cell), y, cell * stride, units);
          if (layer.maskZero()) {
            out.mask.set(cell, id(cell) != 0);
          }
        }
      }
    }

    /** An id has no gradient. */
    @Override
    public void backward(Kernels k) {}

    @Override
    public boolean sparse() {
      return true;
    }

    @Override
    public void gradients(Kernels k, int from, int to, float[] gradient) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
          k.pairwise(Pairwise.PLUS, units, gradient, row(cell), out.gradient, cell * out.gradientStride, gradient, row(cell));
        }
      }
    }
  }
}
