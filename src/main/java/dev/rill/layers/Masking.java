package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/**
 * Masks the steps of a sequence at which every feature is one value: the recurrent layers behind it pass over them. Such steps
 * come out as zeros. A NaN is never equal to the value, so a step with one counts.
 */
public final class Masking extends Layer {
  private final double value;

  /** Masks steps of zeros. */
  public Masking() {
    this(0);
  }

  /**
   * Masks steps of some value.
   *
   * @param value compared as float32
   */
  public Masking(double value) {
    this(null, value);
  }

  private Masking(String name, double value) {
    super(name);
    this.value = value;
  }

  /**
   * What a masked step is filled with.
   *
   * @return 0 by default
   */
  public double value() {
    return value;
  }

  @Override
  public Masking named(String name) {
    return new Masking(name, value);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw unsupported("a sequence (batch, time, features)", input, "there is no mask but one of steps: leave it out, and give rows that "
          + "do not count a sample weight of 0");
    }
    features(input);
    return List.of(input);
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return Mask.where(inputs.get(0), value);
  }
}
