package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.BatchNormalization;
import java.util.Arrays;

/**
 * Batch normalization. With {@code s = gamma / sqrt(variance + epsilon)}, computed in double and rounded once, and
 * {@code t = beta - mean s} likewise, the output is {@code x s + t}, one multiply-add.
 */
public final class BatchNormalizationOps extends LayerOps {
  private final BatchNormalization layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public BatchNormalizationOps(BatchNormalization layer) {
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

  private int gammaAt() {
    return 0;
  }

  private int betaAt() {
    return layer.scale() ? 1 : 0;
  }

  private int meanAt() {
    return betaAt() + (layer.center() ? 1 : 0);
  }

  private int varianceAt() {
    return meanAt() + 1;
  }

  private final class Inference extends InferenceOp {
    private final int width;
    private final int stride;
    private final float[] factor;
    private final float[] addend;

    Inference(OpContext context) {
      super(context);
      width = context.features();
      stride = KernelChoice.padded(width);
      int channels = context.slices().get(meanAt()).size();
      factor = new float[channels];
      addend = new float[channels];
      float[] w = context.weights();
      for (int j = 0; j < channels; j++) {
        double s = (layer.scale() ? w[context.at(gammaAt()) + j] : 1)
            / Math.sqrt(w[context.at(varianceAt()) + j] + layer.epsilon());
        factor[j] = (float) s;
        addend[j] = (float) ((layer.center() ? w[context.at(betaAt()) + j] : 0) - w[context.at(meanAt()) + j] * s);
      }
    }

    @Override
    public long weightBytes() {
      return 2L * Float.BYTES * factor.length;
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * stride;
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new float[Math.toIntExact(scratchFloats(capacity))];
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      TensorView in = memory.view(input);
      float[] out = (float[]) memory.scratch(index);
      int to = 0;
      for (int row = 0; row < rows; row++) {
        for (int step = 0; step < in.steps; step++, to += stride) {
          int from = in.at + row * in.stride + step * in.stepStride;
          for (int first = 0; first < width; first += factor.length) {
            for (int j = 0; j < factor.length; j++) {
              out[to + first + j] = Kernels.fma(in.data[from + first + j], factor[j], addend[j]);
            }
          }
        }
      }
      memory.view(outputs[0]).set(out, 0, in.steps * stride, stride, in.steps);
    }
  }

  /**
   * In training, with xh for {@code (x - mean) / sqrt(variance + epsilon)} and n numbers a feature:
   *
   * <pre>
   *   dgamma = sum(dy . xh)      dbeta = sum(dy)
   *   dx = gamma / sqrt(variance + epsilon) . (dy - dbeta / n - xh . dgamma / n)
   * </pre>
   *
   * <p>Sums are taken in double over time, then rows, by one thread. Where the averages stand for the batch's own figures, these are
   * constants and the two subtrahends are zero.
   */
  private final class Training extends TrainingOp {
    private final TrainingOpContext context;
    private final GradientView in;
    private final GradientView out;
    private final StepMask mask;
    private final int channels;
    private final int stride;
    private TrainingBatch batch;
    private float[] weights;
    private float[] y = {};
    private final double[] mean;
    private final double[] variance;
    private final double[] scale;
    private final double[] gammaSums;
    private final double[] betaSums;
    private long counted;

    Training(TrainingOpContext context) {
      this.context = context;
      in = context.input(0);
      out = context.output(0);
      mask = context.mask();
      channels = context.slices().get(meanAt()).size();
      stride = KernelChoice.padded(in.width);
      mean = new double[channels];
      variance = new double[channels];
      scale = new double[channels];
      gammaSums = new double[channels];
      betaSums = new double[channels];
    }

    @Override
    public boolean wholeBatch() {
      return true;
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      y = Buffers.grown(y, now.rows * in.steps, stride);
      out.set(y, 0, stride, in.steps);
    }

    @Override
    public void pack(float[] all) {
      weights = all;
    }

    private boolean ofBatch() {
      return batch.training && layer.trainable();
    }

    private boolean counts(int cell) {
      return mask == null || mask.counts(cell);
    }

    private void moments() {
      Arrays.fill(mean, 0);
      Arrays.fill(variance, 0);
      counted = 0;
      int cells = in.steps * batch.rows;
      for (int cell = 0; cell < cells; cell++) {
        for (int j = 0; counts(cell) && j < in.width; j++) {
          mean[j % channels] += in.value[in.at + cell * in.stride + j];
        }
        counted += counts(cell) ? in.width / channels : 0;
      }
      for (int j = 0; j < channels; j++) {
        mean[j] = counted == 0 ? 0 : mean[j] / counted;
      }
      for (int cell = 0; cell < cells; cell++) {
        for (int j = 0; counts(cell) && j < in.width; j++) {
          double d = in.value[in.at + cell * in.stride + j] - mean[j % channels];
          variance[j % channels] += d * d;
        }
      }
      for (int j = 0; j < channels; j++) {
        variance[j] = counted == 0 ? 0 : variance[j] / counted;
      }
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      if (ofBatch()) {
        moments();
      } else {
        for (int j = 0; j < channels; j++) {
          mean[j] = weights[context.at(meanAt()) + j];
          variance[j] = weights[context.at(varianceAt()) + j];
        }
      }
      for (int j = 0; j < channels; j++) {
        scale[j] = 1 / Math.sqrt(variance[j] + layer.epsilon());
      }
      for (int cell = 0; cell < in.steps * batch.rows; cell++) {
        for (int j = 0; j < in.width; j++) {
          int c = j % channels;
          double s = scale[c] * (layer.scale() ? weights[context.at(gammaAt()) + c] : 1);
          double t = (layer.center() ? weights[context.at(betaAt()) + c] : 0) - mean[c] * s;
          y[cell * stride + j] = Kernels.fma(in.value[in.at + cell * in.stride + j], (float) s, (float) t);
        }
      }
    }

    @Override
    public void backward(Kernels k, int thread, int from, int to) {
      Arrays.fill(gammaSums, 0);
      Arrays.fill(betaSums, 0);
      int cells = in.steps * batch.rows;
      for (int cell = 0; cell < cells; cell++) {
        for (int j = 0; j < in.width; j++) {
          double g = out.gradient[cell * out.gradientStride + j];
          gammaSums[j % channels] += g * normalized(cell, j);
          betaSums[j % channels] += g;
        }
      }
      for (int cell = 0; in.wanted && cell < cells; cell++) {
        boolean moves = ofBatch() && counts(cell);
        for (int j = 0; j < in.width; j++) {
          int c = j % channels;
          double s = scale[c] * (layer.scale() ? weights[context.at(gammaAt()) + c] : 1);
          double g = out.gradient[cell * out.gradientStride + j];
          double shared = moves ? (betaSums[c] + normalized(cell, j) * gammaSums[c]) / counted : 0;
          in.gradient[cell * in.gradientStride + j] += (float) (s * (g - shared));
        }
      }
    }

    private double normalized(int cell, int j) {
      return (in.value[in.at + cell * in.stride + j] - mean[j % channels]) * scale[j % channels];
    }

    @Override
    public void gradients(Kernels k, int thread, float[] gradient) {
      for (int j = 0; thread == 0 && j < channels; j++) {
        if (layer.scale()) {
          gradient[context.at(gammaAt()) + j] += (float) gammaSums[j];
        }
        if (layer.center()) {
          gradient[context.at(betaAt()) + j] += (float) betaSums[j];
        }
      }
    }

    @Override
    public void update(float[] all) {
      float kept = (float) layer.momentum();
      float taken = (float) (1 - layer.momentum());
      for (int j = 0; ofBatch() && j < channels; j++) {
        int m = context.at(meanAt()) + j;
        int v = context.at(varianceAt()) + j;
        all[m] = all[m] * kept + (float) mean[j] * taken;
        all[v] = all[v] * kept + (float) variance[j] * taken;
      }
    }
  }
}
