package dev.rill.engine.ops;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.Derivatives;
import dev.rill.kernels.Function;

/**
 * A signal in training: its values at every step of every row, kept until the backward pass, and the gradient of the loss
 * with respect to them. Time comes first: step t of row r is row {@code t * rows + r} of a matrix, so a stretch of steps is
 * one product and the sums over (time, row) run in order.
 */
public final class GradientView {
  /** Features. */
  public final int width;
  /** Whether there is a time axis. */
  public final boolean sequence;
  public float[] value;
  /** Index of the value at step 0 of row 0. */
  public int at;
  /** Distance between rows of {@link #value}. */
  public int stride;
  /** Which steps count; null if every one does. */
  public StepMask mask;
  public float[] gradient;
  /** Distance between rows of {@link #gradient}. */
  public int gradientStride;
  /** Time steps; 1 where there is no time axis. */
  public int steps;
  /** Whether anything before this needs the gradient; it is not computed otherwise. */
  public boolean wanted;
  /** The function whose results these are, or null if they are no plain results of one. */
  public Function function;
  /** What that function was applied to, laid out as {@link #value}; only with {@link #keepsInput}. */
  public float[] before;
  public boolean keepsInput;
  /** Whether {@link #gradient} is already that of {@link #before}: a loss and its activation differentiated as one. */
  public boolean fused;
  /** How many read the values or add to the gradient. */
  public int readers;
  /** What losses say of {@link #before} where others speak of the values, laid out as {@link #gradient}; else null. */
  public float[] gradientBefore;

  public GradientView(int width, boolean sequence) {
    this.width = width;
    this.sequence = sequence;
  }

  /**
   * Applies the function to one row of values, and keeps what it was applied to where that is asked for.
   *
   * @param tail scratch for what lies behind the row
   */
  void activate(Kernels k, int row, float[] tail) {
    int v = at + row * stride;
    if (keepsInput) {
      System.arraycopy(value, v, before, v, width);
    }
    function.apply(k, value, v, width, tail);
  }

  /** Says which function's results these will be, and whether its argument has to be kept for the gradient. */
  void results(Function of) {
    function = of;
    // Losses of probabilities look at what these two were applied to.
    keepsInput = of.needsInput() || of == Function.SOFTMAX || of == Function.SIGMOID;
  }

  /** Turns the gradient of one row into that of what the function was applied to. */
  void differentiate(Kernels k, int row) {
    int g = row * gradientStride;
    if (!fused) {
      Derivatives.apply(k, function, before, value, at + row * stride, gradient, g, width);
    }
    for (int j = 0; gradientBefore != null && j < width; j++) {
      gradient[g + j] += gradientBefore[g + j];
    }
  }

  /** Adds to the gradient of one row that of as many features of another signal. */
  public void add(int row, GradientView from, int fromRow, int fromFeature) {
    int to = row * gradientStride;
    int at = fromRow * from.gradientStride + fromFeature;
    for (int j = 0; j < width; j++) {
      gradient[to + j] += from.gradient[at + j];
    }
  }

  public void set(float[] values, int first, int rowStride, int count) {
    value = values;
    at = first;
    stride = rowStride;
    steps = count;
  }
}
