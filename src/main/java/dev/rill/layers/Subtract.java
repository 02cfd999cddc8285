package dev.rill.layers;

import dev.rill.tensor.ShapeException;

/** The first of two inputs less the second. */
public final class Subtract extends Merge {
  /** Describes one. */
  public Subtract() {
    this(null);
  }

  private Subtract(String name) {
    super(name);
  }

  @Override
  public Subtract named(String name) {
    return new Subtract(name);
  }

  @Override
  void checkCount(int inputs) {
    if (inputs != 2) {
      throw new ShapeException("layer " + label() + ": expected two inputs, got " + inputs);
    }
  }
}
