package dev.rill.engine.ops;

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
    /** Of each number of a row, at each step where steps are told apart. */
    private final float[] factor;
    private final float[] addend;
    private final boolean alike;

    Inference(OpContext context) {
      super(context);
      Spread spread = new Spread(context.shapes().get(0), layer.spread(context.shapes().get(0)), context.sequence());
      alike = spread.alike;
      factor = new float[spread.size()];
      addend = new float[factor.length];
      float[] w = context.weights();
      for (int i = 0; i < factor.length; i++) {
        int j = spread.element(i / width, i % width);
        double s = (layer.scale() ? w[context.at(gammaAt()) + j] : 1)
            / Math.sqrt(w[context.at(varianceAt()) + j] + layer.epsilon());
        factor[i] = (float) s;
        addend[i] = (float) ((layer.center() ? w[context.at(betaAt()) + j] : 0) - w[context.at(meanAt()) + j] * s);
      }
    }

    @Override
    public long weightBytes() {
      return 2L * Float.BYTES * factor.length;
    }

    @Override
    void row(Kernels k, float[] x, int at, float[] y, int to, int step) {
      int first = alike ? 0 : step * width;
      for (int j = 0; j < width; j++) {
        y[to + j] = Kernels.fma(x[at + j], factor[first + j], addend[first + j]);
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
   * <p>Sums are taken in double over time, then rows, by one thread; what treats each step by itself has figures of each. Where the
   * averages stand for the batch's own figures, these are constants and the two subtrahends are zero.
   */
  private final class Training extends StepwiseTraining {
    private final TrainingOpContext context;
    private final StepMask mask;
    private final Spread spread;
    private final int channels;
    private float[] weights;
    /** Of each channel, for each group of rows and each step that is treated by itself. */
    private double[] mean = {};
    private double[] variance;
    private double[] scale;
    /** What an input is multiplied by: s, in double and rounded. */
    private double[] product;
    private float[] factor;
    private float[] addend;
    private double[] gammaSums;
    private double[] betaSums;
    /** The same for each number that takes part. */
    private double[] gammaShares;
    private double[] betaShares;
    private long[] counted;
    private int groups;

    Training(TrainingOpContext context) {
      super(context);
      this.context = context;
      mask = context.mask();
      spread = new Spread(context.shapes().get(0), layer.spread(context.shapes().get(0)), in.sequence);
      channels = context.slices().get(meanAt()).size();
    }

    @Override
    public boolean wholeBatch() {
      return true;
    }

    @Override
    public void ensure(TrainingBatch now) {
      super.ensure(now);
      groups = now.groups * (layer.eachStep() ? in.steps : 1);
      if (mean.length < groups * channels) {
        int figures = groups * channels;
        mean = new double[figures];
        variance = new double[figures];
        scale = new double[figures];
        product = new double[figures];
        factor = new float[figures];
        addend = new float[figures];
        gammaSums = new double[figures];
        betaSums = new double[figures];
        gammaShares = new double[figures];
        betaShares = new double[figures];
        counted = new long[figures];
      }
    }

    /** Where the figures begin that a step of a row has in common with others. */
    private int figures(int cell) {
      int rows = cell % batch.rows / (batch.rows / batch.groups);
      return (layer.eachStep() ? rows * in.steps + cell / batch.rows : rows) * channels;
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

    /** Averages the inputs, or the squares of their distances from other averages. */
    private void average(double[] averages, double[] others) {
      Arrays.fill(averages, 0);
      Arrays.fill(counted, 0);
      for (int cell = 0; cell < in.steps * batch.rows; cell++) {
        int t = cell / batch.rows;
        int first = figures(cell);
        int x = in.at + cell * in.stride;
        for (int j = 0, width = counts(cell) ? in.width : 0; j < width; j++) {
          int c = first + spread.element(t, j);
          double d = others == null ? 0 : in.value[x + j] - others[c];
          averages[c] += others == null ? in.value[x + j] : d * d;
          counted[c]++;
        }
      }
      for (int i = 0; i < groups * channels; i++) {
        averages[i] = counted[i] == 0 ? 0 : averages[i] / counted[i];
      }
    }

    @Override
    public void forward(Kernels k) {
      if (ofBatch()) {
        average(mean, null);
        average(variance, mean);
      }
      for (int i = 0; i < groups * channels; i++) {
        int j = i % channels;
        if (!ofBatch()) {
          mean[i] = weights[context.at(meanAt()) + j];
          variance[i] = weights[context.at(varianceAt()) + j];
        }
        scale[i] = 1 / Math.sqrt(variance[i] + layer.epsilon());
        product[i] = scale[i] * (layer.scale() ? weights[context.at(gammaAt()) + j] : 1);
        factor[i] = (float) product[i];
        addend[i] = (float) ((layer.center() ? weights[context.at(betaAt()) + j] : 0) - mean[i] * product[i]);
      }
      for (int cell = 0; cell < in.steps * batch.rows; cell++) {
        int t = cell / batch.rows;
        int first = figures(cell);
        int x = in.at + cell * in.stride;
        for (int j = 0; j < in.width; j++) {
          int c = first + spread.element(t, j);
          y[cell * stride + j] = Kernels.fma(in.value[x + j], factor[c], addend[c]);
        }
      }
    }

    @Override
    public void backward(Kernels k) {
      Arrays.fill(gammaSums, 0);
      Arrays.fill(betaSums, 0);
      for (int cell = 0; cell < in.steps * batch.rows; cell++) {
        int t = cell / batch.rows;
        int first = figures(cell);
        int x = in.at + cell * in.stride;
        for (int j = 0; j < in.width; j++) {
          int c = first + spread.element(t, j);
          double g = out.gradient[cell * out.gradientStride + j];
          gammaSums[c] += g * ((in.value[x + j] - mean[c]) * scale[c]);
          betaSums[c] += g;
        }
      }
      for (int c = 0; c < groups * channels; c++) {
        boolean moves = ofBatch() && counted[c] > 0;
        gammaShares[c] = moves ? gammaSums[c] / counted[c] : 0;
        betaShares[c] = moves ? betaSums[c] / counted[c] : 0;
      }
      for (int cell = 0; in.wanted && cell < in.steps * batch.rows; cell++) {
        int t = cell / batch.rows;
        int first = figures(cell);
        int x = in.at + cell * in.stride;
        boolean moves = counts(cell);
        for (int j = 0; j < in.width; j++) {
          int c = first + spread.element(t, j);
          double g = out.gradient[cell * out.gradientStride + j];
          double shared = moves ? betaShares[c] + (in.value[x + j] - mean[c]) * scale[c] * gammaShares[c] : 0;
          in.gradient[cell * in.gradientStride + j] += (float) (product[c] * (g - shared));
        }
      }
    }

    @Override
    public void gradients(Kernels k, int from, int to, float[] gradient) {
      for (int j = 0; j < channels; j++) {
        if (layer.scale()) {
          gradient[context.at(gammaAt()) + j] += (float) sum(gammaSums, j);
        }
        if (layer.center()) {
          gradient[context.at(betaAt()) + j] += (float) sum(betaSums, j);
        }
      }
    }

    private double sum(double[] sums, int channel) {
      double sum = 0;
      for (int group = 0; group < groups; group++) {
        sum += sums[group * channels + channel];
      }
      return sum;
    }

    @Override
    public void update(float[] all) {
      float kept = (float) layer.momentum();
      float taken = (float) (1 - layer.momentum());
      for (int i = 0; ofBatch() && i < groups * channels; i++) {
        int m = context.at(meanAt()) + i % channels;
        int v = context.at(varianceAt()) + i % channels;
        all[m] = all[m] * kept + (float) mean[i] * taken;
        all[v] = all[v] * kept + (float) variance[i] * taken;
      }
    }
  }
}
