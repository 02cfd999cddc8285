package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.List;

/**
 * Drops whole features of a row, at every step or at none (Tompson 2015), in training; nothing at inference.
 */
public final class SpatialDropout1D extends RandomLayer<SpatialDropout1D> {
  private final double rate;

  /**
   * Describes one.
   *
   * @param rate share of features set to zero, from 0 to 1
   * @throws RillException if it is outside these bounds
   */
  public SpatialDropout1D(double rate) {
    this(null, rate, null);
  }

  private SpatialDropout1D(String name, double rate, Long seed) {
    super(name, seed);
    if (!(rate >= 0 && rate <= 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to 1, got " + rate);
    }
    this.rate = rate;
  }

  /**
   * How strong it is.
   *
   * @return share of features set to zero, from 0 to 1
   */
  public double rate() {
    return rate;
  }

  @Override
  SpatialDropout1D with(String name, Long seed) {
    return new SpatialDropout1D(name, rate, seed);
  }

  /**
   * The dropout that it is, of the same name: one fate for all steps.
   *
   * @return with a noise shape of (batch, 1, features)
   */
  public Dropout dropout() {
    Dropout spatial = new Dropout(rate).noiseShape(Shape.UNKNOWN, 1, Shape.UNKNOWN);
    return (Dropout) (seed() == null ? spatial : spatial.seed(seed())).at(name());
  }

  @Override
  public boolean perStep() {
    return false;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != 3) {
      throw misfit("a sequence (batch, time, features)", input);
    }
    return List.of(input);
  }
}
