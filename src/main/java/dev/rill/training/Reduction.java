package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.UnsupportedException;
import java.util.Locale;

/** How the values of a batch become one loss. Values are those of rows: samples, or their time steps. */
public enum Reduction {
  /** {@code sum(values * weights) / number of values}: Keras' default, which it also calls {@code mean}. */
  SUM_OVER_BATCH_SIZE,
  /** {@code sum(values * weights) / sum(weights)}. */
  MEAN_WITH_SAMPLE_WEIGHT,
  /** {@code sum(values * weights)}. */
  SUM;

  /**
   * Finds a reduction by its name in Keras.
   *
   * @param name such as {@code sum_over_batch_size}
   * @return the reduction
   * @throws UnsupportedException if there is none of this name; {@code none} leaves nothing to differentiate
   */
  public static Reduction named(String name) {
    Require.given(name, "the name of a reduction");
    for (Reduction each : values()) {
      if (each.kerasName().equals(name)) {
        return each;
      }
    }
    if (name.equals("mean")) {
      return SUM_OVER_BATCH_SIZE;
    }
    throw new UnsupportedException("reduction " + name + " is not supported; supported are sum_over_batch_size, mean, sum and "
        + "mean_with_sample_weight");
  }

  /**
   * The name in Keras.
   *
   * @return such as {@code sum}
   */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a sum is divided by. */
  double divisor(int values, double weights) {
    return this == SUM ? 1 : this == SUM_OVER_BATCH_SIZE ? values : weights;
  }
}
