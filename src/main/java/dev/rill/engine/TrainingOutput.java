package dev.rill.engine;

import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.GradientView;
import dev.rill.layers.ActivationFunction;
import java.util.Arrays;

/**
 * An output of a model in training, as losses and metrics see it: rows of {@code width} floats, one for each step of each
 * sample, all samples of a step one behind the other; and the place for the gradient. A row is one part, along the last axis; or
 * several, where a step has more axes than that of the features.
 */
public final class TrainingOutput {
  private final GradientView flow;
  private final String name;
  private final int partWidth;
  private final ActivationFunction activation;
  /** The gradient where others add to that of the flow, or nobody wants it; empty where the flow's own serves. */
  private float[] own = {};
  private boolean ofLogits;

  TrainingOutput(GradientView flow, String name, int partWidth) {
    this.flow = flow;
    this.name = name;
    this.partWidth = partWidth;
    ActivationFunction found = null;
    for (ActivationFunction each : ActivationFunction.values()) {
      found = flow.keepsInput && Functions.of(each) == flow.function ? each : found;
    }
    activation = found;
  }

  /**
   * What it is called.
   *
   * @return a name of its own, or that of its layer
   */
  public String name() {
    return name;
  }

  /**
   * Whether there is a time axis.
   *
   * @return false for one row a sample
   */
  public boolean sequence() {
    return flow.sequence;
  }

  /**
   * Time steps.
   *
   * @return 1 if there is no time axis
   */
  public int steps() {
    return flow.steps;
  }

  /**
   * Features.
   *
   * @return floats in a row
   */
  public int width() {
    return flow.width;
  }

  /**
   * The last axis, along which a loss is taken.
   *
   * @return floats in a part of a row
   */
  public int partWidth() {
    return partWidth;
  }

  /**
   * Parts of a row.
   *
   * @return 1 if a step has no axis but that of the features
   */
  public int parts() {
    return flow.width / partWidth;
  }

  /**
   * The values.
   *
   * @return an array that is not to be written
   */
  public float[] values() {
    return flow.value;
  }

  /**
   * Where a row of values starts.
   *
   * @param row step times samples, plus sample
   * @return index into {@link #values()}
   */
  public int at(int row) {
    return flow.at + row * flow.stride;
  }

  /**
   * Whether a row counts.
   *
   * @param row step times samples, plus sample
   * @return false if its step is masked
   */
  public boolean counts(int row) {
    return flow.mask == null || flow.mask.counts(row);
  }

  /**
   * The activation that made the values, if what it was applied to has been kept.
   *
   * @return sigmoid, softmax or another; null if unknown
   */
  public ActivationFunction activation() {
    return activation;
  }

  /**
   * What the activation was applied to, row by row at {@link #at}.
   *
   * @return an array that is not to be written
   */
  public float[] logits() {
    return flow.before;
  }

  /** Makes room for the gradient of so many rows, and starts it at zero. */
  void begin(int rows) {
    ofLogits = false;
    if (apart()) {
      own = Buffers.grown(own, rows, flow.gradientStride);
      Arrays.fill(own, 0, rows * flow.gradientStride, 0);
    }
  }

  private boolean apart() {
    return !flow.wanted || flow.readers > 1;
  }

  /** Hands the gradient to the layers. */
  void deliver(int rows) {
    flow.fused = ofLogits && flow.readers == 1;
    if (!flow.wanted || flow.readers == 1) {
      return;
    }
    float[] to = ofLogits ? flow.gradientBefore : flow.gradient;
    for (int i = 0; i < rows * flow.gradientStride; i++) {
      to[i] += own[i];
    }
  }

  /**
   * Where the gradient goes.
   *
   * @return an array of zeros
   */
  public float[] gradient() {
    return apart() ? own : flow.gradient;
  }

  /**
   * Where a row of the gradient starts.
   *
   * @param row step times samples, plus sample
   * @return index into {@link #gradient()}
   */
  public int gradientAt(int row) {
    return row * flow.gradientStride;
  }

  /** Says that the gradient is with respect to {@link #logits()}: the activation has been differentiated with the loss. */
  public void gradientOfLogits() {
    ofLogits = true;
  }
}
