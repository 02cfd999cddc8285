package dev.rill.engine;

import dev.rill.engine.ops.Functions;
import dev.rill.engine.ops.GradientView;
import dev.rill.layers.ActivationFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * An output of a model in training, as losses and metrics see it: a row of {@code width} floats for each step of each sample, one
 * of which is looked at at a time; and the place for its gradient. A row is one part, along the last axis; or several, where a
 * step has more axes than that of the features.
 */
public final class TrainingOutput {
  /** By thread, some samples each. */
  private final List<OutputGradient> all = new ArrayList<>();
  private final String name;
  private final int partWidth;
  private ActivationFunction activation;
  // What is looked at: whose it is, the first sample of these, and the row in their arrays.
  private int part;
  private int first;
  private int cell;

  TrainingOutput(String name, int partWidth) {
    this.name = name;
    this.partWidth = partWidth;
  }

  void add(OutputGradient some) {
    all.add(some);
    GradientView flow = some.flow;
    for (ActivationFunction each : ActivationFunction.values()) {
      activation = flow.keepsInput && Functions.of(each) == flow.function ? each : activation;
    }
  }

  /** Looks at the first step of the first sample. */
  void begin() {
    part = 0;
    first = 0;
    cell = 0;
  }

  private GradientView flow() {
    return all.get(part).flow;
  }

  /**
   * Looks at a row.
   *
   * @param step time step
   * @param sample which of the batch
   */
  public void select(int step, int sample) {
    if (sample < first) {
      part = 0;
      first = 0;
    }
    while (sample - first >= all.get(part).rows) {
      first += all.get(part).rows;
      part++;
    }
    cell = step * all.get(part).rows + sample - first;
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
    return flow().sequence;
  }

  /**
   * Time steps.
   *
   * @return 1 if there is no time axis
   */
  public int steps() {
    return flow().steps;
  }

  /**
   * Features.
   *
   * @return floats in a row
   */
  public int width() {
    return flow().width;
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
    return flow().width / partWidth;
  }

  /**
   * The values of the row that is looked at, and of others.
   *
   * @return an array that is not to be written
   */
  public float[] values() {
    return flow().value;
  }

  /**
   * Where the row starts.
   *
   * @return index into {@link #values()}
   */
  public int at() {
    return flow().at + cell * flow().stride;
  }

  /**
   * Whether the row counts.
   *
   * @return false if its step is masked
   */
  public boolean counts() {
    return flow().mask == null || flow().mask.counts(cell);
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
   * What the activation was applied to, laid out as {@link #values()}.
   *
   * @return an array that is not to be written
   */
  public float[] logits() {
    return flow().before;
  }

  /**
   * Where the gradient goes.
   *
   * @return an array of zeros
   */
  public float[] gradient() {
    return all.get(part).gradient();
  }

  /**
   * Where the row of the gradient starts.
   *
   * @return index into {@link #gradient()}
   */
  public int gradientAt() {
    return cell * flow().gradientStride;
  }

  /** Says that the gradient is with respect to {@link #logits()}: the activation has been differentiated with the loss. */
  public void gradientOfLogits() {
    all.forEach(OutputGradient::ofLogits);
  }
}
