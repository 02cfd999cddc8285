package dev.rill.layers;

/** The product of its inputs, from the first to the last. */
public final class Multiply extends Merge {
  /** Describes one. */
  public Multiply() {
    this(null);
  }

  private Multiply(String name) {
    super(name);
  }

  @Override
  public Multiply named(String name) {
    return new Multiply(name);
  }
}
