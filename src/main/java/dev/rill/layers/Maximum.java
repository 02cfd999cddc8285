package dev.rill.layers;

/** The largest of its inputs at each element; NaN if one is. */
public final class Maximum extends Merge {
  /** Describes one. */
  public Maximum() {
    this(null);
  }

  private Maximum(String name) {
    super(name);
  }

  @Override
  public Maximum named(String name) {
    return new Maximum(name);
  }
}
