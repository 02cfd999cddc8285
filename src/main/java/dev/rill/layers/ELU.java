package dev.rill.layers;

/**
 * The exponential linear unit (Clevert 2016): {@code x} above 0, {@code alpha (e^x - 1)} below.
 */
public final class ELU extends ElementwiseLayer {
  private final double alpha;

  /** Describes one with an alpha of 1. */
  public ELU() {
    this(1);
  }

  /**
   * Describes one with another alpha.
   *
   * @param alpha the output far below 0 is {@code -alpha}
   */
  public ELU(double alpha) {
    this(null, alpha);
  }

  private ELU(String name, double alpha) {
    super(name);
    this.alpha = alpha;
  }

  /**
   * The factor below 0.
   *
   * @return 1 by default
   */
  public double alpha() {
    return alpha;
  }

  @Override
  public ELU named(String name) {
    return new ELU(name, alpha);
  }
}
