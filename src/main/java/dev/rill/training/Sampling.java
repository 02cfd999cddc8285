package dev.rill.training;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;

/**
 * Chooses one of several classes from their probabilities, to write text or go on with a sequence. What is chosen is a function
 * of the probabilities, the seed, the step and the row, not of the order of calls. Immutable; allocates nothing.
 */
public final class Sampling {
  /** What the random numbers are for, among all that a seed is used for. */
  private static final long PURPOSE = 0x73616d706c65L;

  private final double temperature;
  private final long seed;

  private Sampling(double temperature, long seed) {
    this.temperature = temperature;
    this.seed = seed;
  }

  /**
   * Always the likeliest class.
   *
   * @return a way to choose
   */
  public static Sampling greedy() {
    return new Sampling(0, 0);
  }

  /**
   * Classes by chance: with probabilities in proportion to {@code p^(1 / temperature)}.
   *
   * @param temperature above 0; 1 keeps the probabilities, less makes the likely likelier
   * @param seed what the choice is a function of
   * @return a way to choose
   * @throws RillException if the temperature is not a positive number
   */
  public static Sampling temperature(double temperature, long seed) {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new RillException("expected a temperature above 0, got " + temperature + "; greedy() takes the likeliest");
    }
    return new Sampling(temperature, seed);
  }

  /**
   * Chooses a class.
   *
   * @param p probabilities; they need not add up to 1
   * @param at index of the first one
   * @param width number of classes
   * @param step which step of the sequence
   * @param row which sequence
   * @return from 0 to {@code width - 1}
   * @throws RillException if a probability is negative or no number, or all are 0
   */
  public int next(float[] p, int at, int width, long step, long row) {
    int likeliest = argMax(p, at, width);
    for (int j = 0; j < width; j++) {
      if (!(p[at + j] >= 0) || !(p[at + likeliest] > 0) || Float.isInfinite(p[at + j])) {
        throw new RillException("expected probabilities, found " + p[at + j] + " for class " + j + " and " + p[at + likeliest]
            + " at most: sample from the output of a softmax");
      }
    }
    if (temperature == 0) {
      return likeliest;
    }
    double largest = p[at + likeliest];
    double sum = 0;
    for (int j = 0; j < width; j++) {
      sum += share(p[at + j], largest);
    }
    double left = CounterRandom.unit(CounterRandom.stream(seed, PURPOSE, step, row), 0) * sum;
    int last = likeliest;
    for (int j = 0; j < width; j++) {
      double share = share(p[at + j], largest);
      left -= share;
      if (share > 0) {
        if (left < 0) {
          return j;
        }
        last = j;
      }
    }
    // Rounding may leave a trace of the sum.
    return last;
  }

  private double share(double p, double largest) {
    return StrictMath.pow(p / largest, 1 / temperature);
  }

  /**
   * The index of the largest value.
   *
   * @param a values
   * @param at index of the first one
   * @param width how many, at least 1
   * @return from 0 to {@code width - 1}, the first among equals
   * @throws ShapeException if there are not as many
   */
  public static int argMax(float[] a, int at, int width) {
    if (width < 1 || at < 0 || Require.given(a, "the values").length - width < at) {
      throw new ShapeException("expected " + width + " values from index " + at + ", the array has " + a.length);
    }
    int largest = 0;
    for (int j = 1; j < width; j++) {
      largest = a[at + j] > a[at + largest] ? j : largest;
    }
    return largest;
  }

  /** Returns how it draws. */
  @Override
  public String toString() {
    return temperature == 0 ? "greedy" : "temperature " + temperature + ", seed " + seed;
  }
}
