package dev.rill.layers;

import dev.rill.tensor.ShapeException;

/**
 * A window that moves over the steps of a sequence: output step t reads the steps
 * {@code t * strides - before + i * dilation} for i from 0 to size − 1, of which those outside of the sequence are padding.
 *
 * @param size steps that it reads
 * @param strides steps by which it moves on
 * @param dilation distance between the steps that it reads
 * @param padding what it reads outside of the sequence
 */
public record Window(int size, int strides, int dilation, Padding padding) {
  /** More steps than any window spans; a file may say anything. */
  private static final int MAX_SPAN = 1 << 24;

  /** Checks the sizes. */
  public Window {
    if (size < 1 || strides < 1 || dilation < 1) {
      throw new ShapeException("expected a window, strides and a dilation of at least 1 step, got " + size + ", " + strides
          + " and " + dilation);
    }
    if ((long) dilation * (size - 1) >= MAX_SPAN || strides > MAX_SPAN) {
      throw new ShapeException("a window of " + size + " steps, " + dilation + " apart, that moves by " + strides
          + " is too long: at most " + MAX_SPAN + " steps are supported");
    }
  }

  /**
   * Steps from the first that it reads to the last, both included.
   *
   * @return at least 1
   */
  public int span() {
    return dilation * (size - 1) + 1;
  }

  /**
   * Steps of the output.
   *
   * @param read steps of the sequence, at least 1
   * @return less than 1 if the sequence is too short for one window
   */
  public int steps(int read) {
    return padding == Padding.VALID ? Math.floorDiv(read - span(), strides) + 1 : (read - 1) / strides + 1;
  }

  /**
   * Steps of padding in front of the sequence.
   *
   * @param read steps of the sequence
   * @return 0 or more
   */
  public int before(int read) {
    return switch (padding) {
      case VALID -> 0;
      case SAME -> Math.max(0, (steps(read) - 1) * strides + span() - read) / 2;
      case CAUSAL -> span() - 1;
    };
  }

  /** The output's time axis, if the layer's input has this one. */
  int axis(Layer layer, int read) {
    if (read < 0) {
      return read;
    }
    if (read == 0 || steps(read) < 1) {
      throw new ShapeException("layer " + layer.label() + " reads windows of " + span() + " steps: expected a sequence of at least "
          + (padding == Padding.VALID ? span() : 1) + ", got " + read);
    }
    return steps(read);
  }

  /** Whether there is one output for each step of the sequence. */
  boolean keepsTime() {
    return strides == 1 && (padding != Padding.VALID || span() == 1);
  }

  /** Why it cannot go step by step, as the end of a sentence; null if it can. */
  String needsWholeTime() {
    if (strides > 1) {
      return "gives one step for every " + strides + " that it reads";
    }
    if (span() == 1 || padding == Padding.CAUSAL) {
      return null;
    }
    return padding == Padding.SAME ? "reads steps ahead (padding same)"
        : "gives no step for the first " + (span() - 1) + " that it reads (padding valid)";
  }
}
