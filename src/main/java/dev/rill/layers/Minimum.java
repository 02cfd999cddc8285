package dev.rill.layers;

/** The smallest of its inputs at each element; NaN if one is. */
public final class Minimum extends Merge {
  /** Describes one. */
  public Minimum() {
    this(null);
  }

  private Minimum(String name) {
    super(name);
  }

  @Override
  public Minimum named(String name) {
    return new Minimum(name);
  }
}
