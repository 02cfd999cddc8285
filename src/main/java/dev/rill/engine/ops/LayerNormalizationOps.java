package dev.rill.engine.ops;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.layers.LayerNormalization;
import java.util.Arrays;

/**
 * Layer normalization: mean and variance of a row and step in double, in the order of its features; then {@code x s + t} with
 * {@code s = gamma / sqrt(variance + epsilon)} and {@code t = beta - mean s}, each rounded once.
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
    return layer.scale() ? 1 : 0;
  }

  private static double mean(float[] x, int at, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += x[at + j];
    }
    return sum / n;
  }

  private double scale(float[] x, int at, int n, double mean) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double d = x[at + j] - mean;
      sum += d * d;
    }
    return 1 / Math.sqrt(sum / n + layer.epsilon());
  }

  /** One row and step; gamma and beta begin at some places of an array that is not read where the layer has none. */
  private void normalize(float[] x, int at, double mean, double scale, float[] y, int to, int n, float[] w, int gammaAt, int betaAt) {
    for (int j = 0; j < n; j++) {
      double s = layer.scale() ? w[gammaAt + j] * scale : scale;
      double t = (layer.center() ? w[betaAt + j] : 0) - mean * s;
      y[to + j] = Kernels.fma(x[at + j], (float) s, (float) t);
    }
  }

  private final class Inference extends RowwiseInference {
    private final int channels;
    /** Gamma, then beta, as far as there are any. */
    private final float[] weights;

    Inference(OpContext context) {
      super(context);
      channels = context.shapes().get(0).axis(-1);
      weights = new float[context.slices().size() * channels];
      for (int i = 0; i < context.slices().size(); i++) {
        System.arraycopy(context.weights(), context.at(i), weights, i * channels, channels);
      }
    }

    @Override
    public long weightBytes() {
      return (long) Float.BYTES * weights.length;
    }

    @Override
    void row(Kernels k, float[] x, int at, float[] y, int to, int step) {
      for (int first = 0; first < width; first += channels) {
        double mean = mean(x, at + first, channels);
        double scale = scale(x, at + first, channels, mean);
        normalize(x, at + first, mean, scale, y, to + first, channels, weights, 0, betaAt() * channels);
      }
    }
  }

  /**
   * In training, with xh for {@code (x - mean) s'}, s' without gamma, and n features:
   *
   * <pre>
   *   dgamma = sum(dy . xh)      dbeta = sum(dy)      dxh = dy . gamma
   *   dx = s' (dxh - mean(dxh) - xh . mean(dxh . xh))
   * </pre>
   */
  private final class Training extends TrainingOp {
    private final TrainingOpContext context;
    private final GradientView in;
    private final GradientView out;
    private final int channels;
    private final int stride;
    private TrainingBatch batch;
    private float[] weights;
    private float[] y = {};
    /** Mean and s' of each row, step and group of channels. */
    private double[] means = {};
    private double[] scales = {};
    /** For each thread those of gamma and beta, one beside the other. */
    private double[][] sums = {};

    Training(TrainingOpContext context) {
      this.context = context;
      in = context.input(0);
      out = context.output(0);
      channels = context.shapes().get(0).axis(-1);
      stride = KernelChoice.padded(in.width);
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      y = Buffers.grown(y, now.rows * in.steps, stride);
      out.set(y, 0, stride, in.steps);
      int groups = Math.multiplyExact(now.rows * in.steps, in.width / channels);
      if (means.length < groups) {
        means = new double[groups];
        scales = new double[groups];
      }
    }

    private int group(int cell, int first) {
      return (cell * in.width + first) / channels;
    }

    @Override
    public void shareOut() {
      sums = sums.length == batch.threads ? sums : new double[batch.threads][];
    }

    @Override
    public void pack(float[] all) {
      weights = all;
    }

    @Override
    public void forward(Kernels k, int thread, int from, int to) {
      for (int t = 0; t < in.steps; t++) {
        for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
          for (int first = 0; first < in.width; first += channels) {
            int x = in.at + cell * in.stride + first;
            int group = group(cell, first);
            means[group] = mean(in.value, x, channels);
            scales[group] = scale(in.value, x, channels, means[group]);
            normalize(in.value, x, means[group], scales[group], y, cell * stride + first, channels, weights, context.at(0),
                context.at(betaAt()));
          }
        }
      }
    }

    @Override
    public void backward(Kernels k, int thread, int from, int to) {
      for (int t = 0; in.wanted && t < in.steps; t++) {
        for (int cell = t * batch.rows + from; cell < t * batch.rows + to; cell++) {
          for (int first = 0; first < in.width; first += channels) {
            backward(cell, first);
          }
        }
      }
    }

    private void backward(int cell, int first) {
      int x = in.at + cell * in.stride + first;
      int g = cell * out.gradientStride + first;
      double mean = means[group(cell, first)];
      double scale = scales[group(cell, first)];
      double sum = 0;
      double dot = 0;
      for (int j = 0; j < channels; j++) {
        double d = gradient(g, j);
        sum += d;
        dot += d * (in.value[x + j] - mean) * scale;
      }
      for (int j = 0; j < channels; j++) {
        double xh = (in.value[x + j] - mean) * scale;
        in.gradient[cell * in.gradientStride + first + j] +=
            (float) (scale * (gradient(g, j) - sum / channels - xh * dot / channels));
      }
    }

    /** With respect to what gamma multiplies. */
    private double gradient(int at, int j) {
      return out.gradient[at + j] * (layer.scale() ? (double) weights[context.at(0) + j] : 1);
    }

    @Override
    public void gradients(Kernels k, int thread, float[] gradient) {
      int from = (int) ((long) channels * thread / batch.threads);
      int to = (int) ((long) channels * (thread + 1) / batch.threads);
      sums[thread] = sums[thread] == null ? new double[2 * (to - from)] : sums[thread];
      Arrays.fill(sums[thread], 0);
      addSums(from, to, sums[thread]);
      for (int j = from; j < to; j++) {
        if (layer.scale()) {
          gradient[context.at(0) + j] += (float) sums[thread][2 * (j - from)];
        }
        if (layer.center()) {
          gradient[context.at(betaAt()) + j] += (float) sums[thread][2 * (j - from) + 1];
        }
      }
    }

    /** Over time, then rows. */
    private void addSums(int from, int to, double[] into) {
      for (int cell = 0; cell < in.steps * batch.rows; cell++) {
        for (int first = 0; first < in.width; first += channels) {
          int x = in.at + cell * in.stride + first;
          double mean = means[group(cell, first)];
          double scale = scales[group(cell, first)];
          for (int j = from; j < to; j++) {
            double g = out.gradient[cell * out.gradientStride + first + j];
            into[2 * (j - from)] += g * (in.value[x + j] - mean) * scale;
            into[2 * (j - from) + 1] += g;
          }
        }
      }
    }
  }
}
