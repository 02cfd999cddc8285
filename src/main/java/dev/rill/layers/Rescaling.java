package dev.rill.layers;

/**
 * {@code x scale + offset}, rounded after each of the two.
 */
public final class Rescaling extends ElementwiseLayer {
  private final double scale;
  private final double offset;

  /**
   * Describes one.
   *
   * @param scale factor
   * @param offset addend
   */
  public Rescaling(double scale, double offset) {
    this(null, scale, offset);
  }

  private Rescaling(String name, double scale, double offset) {
    super(name);
    this.scale = scale;
    this.offset = offset;
  }

  /**
   * The factor.
   *
   * @return as described
   */
  public double scale() {
    return scale;
  }

  /**
   * The addend.
   *
   * @return as described
   */
  public double offset() {
    return offset;
  }

  @Override
  public Rescaling named(String name) {
    return new Rescaling(name, scale, offset);
  }
}
