package dev.rill.layers;

import dev.rill.tensor.ShapeException;

/** Steps of zeros before a sequence and behind it. */
public final class ZeroPadding1D extends StepSelection {
  private final int before;
  private final int after;

  /**
   * Describes a padding.
   *
   * @param before steps of zeros before the sequence, 1 by default in Keras
   * @param after steps of zeros behind it, 1 by default in Keras
   * @throws ShapeException if one is negative
   */
  public ZeroPadding1D(int before, int after) {
    this(null, before, after);
  }

  private ZeroPadding1D(String name, int before, int after) {
    super(name);
    if (before < 0 || after < 0) {
      throw new ShapeException("layer " + label() + ": expected steps of padding, got " + before + " and " + after);
    }
    this.before = before;
    this.after = after;
  }

  /**
   * Steps of zeros before the sequence.
   *
   * @return 0 or more
   */
  public int before() {
    return before;
  }

  /**
   * Steps of zeros behind the sequence.
   *
   * @return 0 or more
   */
  public int after() {
    return after;
  }

  @Override
  public ZeroPadding1D named(String name) {
    return new ZeroPadding1D(name, before, after);
  }

  @Override
  public int source(int step, int read) {
    return step < before || step >= before + read ? -1 : step - before;
  }

  @Override
  public int count(int read) {
    return checked((long) read + before + after);
  }

  @Override
  String needsWholeTime() {
    return "adds steps to a sequence; a Conv1D with padding causal has those before it within itself and could be stepped";
  }
}
