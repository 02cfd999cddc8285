package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.LayerNormalization;
import java.util.Arrays;

/**
 * Layer normalization: mean and variance of numbers that belong together in double, in their order; then {@code x s + t} with
 * {@code s = gamma / sqrt(variance + epsilon)} and {@code t = beta - mean s}, each rounded once. With RMS scaling t is 0.
 */
public final class LayerNormalizationOps extends LayerOps {
  private final LayerNormalization layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public LayerNormalizationOps(LayerNormalization layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context);
  }

  private int betaAt() {
    return layer.hasGamma() ? 1 : 0;
  }

  /** {@code s'}, s without gamma, for a group's variance. */
  private double scale(NormalizedGroups groups, float[] x, int at, int apart, int steps, int group, double mean) {
    return 1 / Math.sqrt(groups.variance(x, at, apart, steps, group, mean) + layer.epsilon());
  }

  /** One group; gamma and beta begin at some places of an array that is not read where the layer has none. */
  private void normalize(NormalizedGroups groups, int group, double mean, double scale, float[] x, int at, int apart, int steps,
      float[] y, int to, int toApart, float[] w, int gammaAt, int betaAt) {
    double subtracted = layer.rmsScaling() ? 0 : mean;
    for (int step = 0, element = 0; step < steps; step++) {
      for (int i = 0; i < groups.members; i++, element++) {
        int j = groups.place(group, i);
        double s = layer.hasGamma() ? w[gammaAt + element] * scale : scale;
        double t = (layer.hasBeta() ? w[betaAt + element] : 0) - subtracted * s;
        y[to + step * toApart + j] = Kernels.fma(x[at + step * apart + j], (float) s, (float) t);
      }
    }
  }

  private final class Inference extends InferenceOp {
    private final NormalizedGroups groups;
    private final int stride;
    /** Gamma, then beta, as far as there are any. */
    private final float[] weights;
    private final int elements;

    Inference(OpContext context) {
      super(context);
      groups = new NormalizedGroups(context.shapes().get(0), layer);
      stride = KernelChoice.padded(context.features());
      elements = context.slices().isEmpty() ? 0 : context.slices().get(0).size();
      weights = new float[context.slices().size() * elements];
      for (int i = 0; i < context.slices().size(); i++) {
        System.arraycopy(context.weights(), context.at(i), weights, i * elements, elements);
      }
    }

    @Override
    public long weightBytes() {
      return (long) Float.BYTES * weights.length;
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * stride;
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      float[] out = (float[]) memory.scratch(index);
      int steps = groups.overTime ? in.steps : 1;
      for (int row = 0; row < rows; row++) {
        for (int step = 0; step < in.steps; step += steps) {
          int at = in.at + row * in.stride + step * in.stepStride;
          for (int group = 0; group < groups.count; group++) {
            double mean = groups.mean(in.data, at, in.stepStride, steps, group);
            double scale = scale(groups, in.data, at, in.stepStride, steps, group, mean);
            normalize(groups, group, mean, scale, in.data, at, in.stepStride, steps, out, (row * in.steps + step) * stride, stride,
                weights, 0, betaAt() * elements);
          }
        }
      }
      memory.view(outputs[0]).set(out, 0, in.steps * stride, stride, in.steps);
    }
  }

  /**
   * In training, with xh for {@code (x - mean) s'} and v for what gamma multiplies, which is xh, or x s' with RMS scaling; means are
   * those of a group, and that of dv is taken for 0 with RMS scaling:
   *
   * <pre>
   *   dgamma = sum(dy . v)      dbeta = sum(dy)      dv = dy . gamma
   *   dx = s' (dv - mean(dv) - xh . mean(dv . v))
   * </pre>
   */
  private final class Training extends StepwiseTraining {
    private final TrainingOpContext context;
    private final NormalizedGroups groups;
    private final int elements;
    private float[] weights;
    /** Mean and s' of each group. */
    private double[] means = {};
    private double[] scales = {};
    /** Those of gamma and beta, one beside the other. */
    private final double[] sums;

    Training(TrainingOpContext context) {
      super(context);
      this.context = context;
      groups = new NormalizedGroups(context.shapes().get(0), layer);
      elements = context.slices().isEmpty() ? 0 : context.slices().get(0).size();
      sums = new double[2 * elements];
    }

    @Override
    public void ensure(TrainingBatch now) {
      super.ensure(now);
      int all = Math.multiplyExact(groups.overTime ? now.rows : now.rows * in.steps, groups.count);
      if (means.length < all) {
        means = new double[all];
        scales = new double[all];
      }
    }

    /** Steps that are normalized together. */
    private int steps() {
      return groups.overTime ? in.steps : 1;
    }

    /** Where the figures are of a group that begins with some step of some row. */
    private int figure(int cell, int group) {
      return (groups.overTime ? cell % batch.rows : cell) * groups.count + group;
    }

    @Override
    public void pack(float[] all) {
      weights = all;
    }

    @Override
    public void forward(Kernels k) {
      int apart = batch.rows * in.stride;
      for (int t = 0; t < in.steps; t += steps()) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          int x = in.at + cell * in.stride;
          for (int group = 0; group < groups.count; group++) {
            int figure = figure(cell, group);
            means[figure] = groups.mean(in.value, x, apart, steps(), group);
            scales[figure] = scale(groups, in.value, x, apart, steps(), group, means[figure]);
            normalize(groups, group, means[figure], scales[figure], in.value, x, apart, steps(), y, cell * stride, batch.rows * stride,
                weights, context.at(0), context.at(betaAt()));
          }
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      for (int t = 0; in.wanted && t < in.steps; t += steps()) {
        for (int cell = t * batch.rows; cell < (t + 1) * batch.rows; cell++) {
          for (int group = 0; group < groups.count; group++) {
            backward(cell, group);
          }
        }
      }
    }

    private void backward(int cell, int group) {
      double mean = means[figure(cell, group)];
      double scale = scales[figure(cell, group)];
      double subtracted = layer.rmsScaling() ? 0 : mean;
      int n = steps() * groups.members;
      double sum = 0;
      double dot = 0;
      for (int pass = 0; pass < 2; pass++) {
        for (int step = 0, element = 0; step < steps(); step++) {
          int row = cell + step * batch.rows;
          for (int i = 0; i < groups.members; i++, element++) {
            int j = groups.place(group, i);
            double d = out.gradient[row * out.gradientStride + j]
                * (layer.hasGamma() ? (double) weights[context.at(0) + element] : 1);
            double x = in.value[in.at + row * in.stride + j];
            if (pass == 0) {
              sum += d;
              dot += d * (x - subtracted) * scale;
            } else {
              double share = (layer.rmsScaling() ? 0 : sum / n) + (x - mean) * scale * dot / n;
              in.gradient[row * in.gradientStride + j] += (float) (scale * (d - share));
            }
          }
        }
      }
    }

    @Override
    public void gradients(Kernels k, int from, int to, float[] gradient) {
      Arrays.fill(sums, 0);
      addSums(from, to);
      for (int j = 0; j < elements; j++) {
        if (layer.hasGamma()) {
          gradient[context.at(0) + j] += (float) sums[2 * j];
        }
        if (layer.hasBeta()) {
          gradient[context.at(betaAt()) + j] += (float) sums[2 * j + 1];
        }
      }
    }

    /** Over time, then rows. */
    private void addSums(int from, int to) {
      for (int t = 0, first = 0; t < in.steps; t++, first += groups.overTime ? groups.members : 0) {
        for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
          for (int group = 0; group < groups.count; group++) {
            double subtracted = layer.rmsScaling() ? 0 : means[figure(cell, group)];
            double scale = scales[figure(cell, group)];
            for (int i = 0, element = first; i < groups.members && element < elements; i++, element++) {
              int j = groups.place(group, i);
              double g = out.gradient[cell * out.gradientStride + j];
              sums[2 * element] += g * (in.value[in.at + cell * in.stride + j] - subtracted) * scale;
              sums[2 * element + 1] += g;
            }
          }
        }
      }
    }
  }
}
