package dev.rill.layers;

/** The mean of its inputs: their sum over their number. */
public final class Average extends Merge {
  /** Describes one. */
  public Average() {
    this(null);
  }

  private Average(String name) {
    super(name);
  }

  @Override
  public Average named(String name) {
    return new Average(name);
  }
}
