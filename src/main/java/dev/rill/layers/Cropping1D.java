package dev.rill.layers;

import dev.rill.tensor.ShapeException;

/** A sequence without some of its first and last steps. */
public final class Cropping1D extends StepSelection {
  private final int before;
  private final int after;

  /**
   * Describes a cropping.
   *
   * @param before steps cut off at the beginning, 1 by default in Keras
   * @param after steps cut off at the end, 1 by default in Keras
   * @throws ShapeException if one is negative
   */
  public Cropping1D(int before, int after) {
    this(null, before, after);
  }

  private Cropping1D(String name, int before, int after) {
    super(name);
    if (before < 0 || after < 0) {
      throw new ShapeException("layer " + label() + ": expected steps to cut off, got " + before + " and " + after);
    }
    this.before = before;
    this.after = after;
  }

  /**
   * Steps cut off at the beginning.
   *
   * @return 0 or more
   */
  public int before() {
    return before;
  }

  /**
   * Steps cut off at the end.
   *
   * @return 0 or more
   */
  public int after() {
    return after;
  }

  @Override
  public Cropping1D named(String name) {
    return new Cropping1D(name, before, after);
  }

  @Override
  public int source(int step, int read) {
    return step + before;
  }

  @Override
  public int count(int read) {
    if ((long) before + after >= read) {
      throw new ShapeException("layer " + label() + " cuts off " + before + " and " + after + " steps: expected a longer sequence, "
          + "got " + read);
    }
    return read - before - after;
  }

  @Override
  String needsWholeTime() {
    return "cuts steps off a sequence";
  }
}
