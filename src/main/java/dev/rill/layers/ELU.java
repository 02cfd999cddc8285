package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/**
 * The exponential linear unit (Clevert 2016): {@code x} above 0, {@code alpha (e^x - 1)} below.
 */
public final class ELU extends Layer {
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

  @Override
  public boolean perStep() {
    return true;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    return List.of(only(inputs, initialState));
  }
}
