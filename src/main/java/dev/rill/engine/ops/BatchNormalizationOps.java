package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
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

  private final class Inference extends RowwiseInference {
    private final float[] factor;
    private final float[] addend;

    Inference(OpContext context) {
      super(context);
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
    void row(Kernels k, float[] x, int at, float[] y, int to) {
      for (int first = 0; first < width; first += factor.length) {
        for (int j = 0; j < factor.length; j++) {
          y[to + first + j] = Kernels.fma(x[at + first + j], factor[j], addend[j]);
        }
      }
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
    /** What an input is multiplied by: s, in double and rounded. */
    private final double[] product;
    private final float[] factor;
    private final float[] addend;
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
      product = new double[channels];
      factor = new float[channels];
      addend = new float[channels];
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
      return batch.training && context.trained();
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
        if (counts(cell)) {
          counted += in.width / channels;
          for (int j = 0; j < in.width; j++) {
            mean[j % channels] += in.value[in.at + cell * in.stride + j];
          }
        }
      }
      for (int j = 0; j < channels; j++) {
        mean[j] = counted == 0 ? 0 : mean[j] / counted;
      }
      for (int cell = 0; cell < cells; cell++) {
        for (int j = 0, width = counts(cell) ? in.width : 0; j < width; j++) {
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
        product[j] = scale[j] * (layer.scale() ? weights[context.at(gammaAt()) + j] : 1);
        factor[j] = (float) product[j];
        addend[j] = (float) ((layer.center() ? weights[context.at(betaAt()) + j] : 0) - mean[j] * product[j]);
      }
      for (int cell = 0; cell < in.steps * batch.rows; cell++) {
        for (int j = 0; j < in.width; j++) {
          int c = j % channels;
          y[cell * stride + j] = Kernels.fma(in.value[in.at + cell * in.stride + j], factor[c], addend[c]);
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
          double g = out.gradient[cell * out.gradientStride + j];
          double shared = moves ? (betaSums[c] + normalized(cell, j) * gammaSums[c]) / counted : 0;
          in.gradient[cell * in.gradientStride + j] += (float) (product[c] * (g - shared));
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
