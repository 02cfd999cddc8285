package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.List;

/** Dropout: nothing at inference. */
public final class Dropout extends RandomLayer<Dropout> {
  private final double rate;
  /** Null for an element of the input each. */
  private final Shape noiseShape;

  /**
   * Describes a dropout of single elements.
   *
   * @param rate share of elements set to zero in training, from 0 to 1
   */
  public Dropout(double rate) {
    this(null, rate, null, null);
  }

  private Dropout(String name, double rate, Shape noiseShape, Long seed) {
    super(name, seed);
    if (!(rate >= 0 && rate <= 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to 1, got " + rate);
    }
    this.rate = rate;
    this.noiseShape = noiseShape;
  }

  /**
   * Share of elements set to zero in training.
   *
   * @return from 0 to 1
   */
  public double rate() {
    return rate;
  }

  /**
   * What is kept or dropped together.
   *
   * @return see {@link #noiseShape(int...)}; null, the default, for single elements
   */
  public Shape noiseShape() {
    return noiseShape;
  }

  /**
   * Sets what is kept or dropped together: {@code noiseShape(Shape.UNKNOWN, 1, Shape.UNKNOWN)} drops features of a row at every
   * step or at none.
   *
   * @param sizes for each axis of the input 1 where its elements share a fate, else the size of the input, or {@link
   *     Shape#UNKNOWN} for whatever size it has; axes that are left out in front count as 1
   * @return another description
   * @throws RillException if a size is not positive
   */
  public Dropout noiseShape(int... sizes) {
    for (int size : Require.given(sizes, "the noise shape")) {
      if (size < 1 && size != Shape.UNKNOWN) {
        throw new RillException("layer " + label() + ": expected a noise shape of sizes above 0, got " + size);
      }
    }
    return new Dropout(name(), rate, Shape.of(sizes), seed());
  }

  @Override
  Dropout with(String name, Long seed) {
    return new Dropout(name, rate, noiseShape, seed);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (noiseShape != null && noiseShape.rank() > input.rank()) {
      throw misfit("an input of at least " + noiseShape.rank() + " axes for its noise shape " + noiseShape, input);
    }
    for (int axis = 0; axis < input.rank(); axis++) {
      if (!fits(axis, input.rank(), input.axis(axis))) {
        throw misfit("an input that fits its noise shape " + noiseShape, input);
      }
    }
    return List.of(input);
  }

  /** Whether the noise shape says 1 or the size of the input on an axis; what is not known fits. */
  private boolean fits(int axis, int rank, int size) {
    int noise = noise(axis, rank);
    return noise == 1 || noise == Shape.UNKNOWN || size == Shape.UNKNOWN || noise == size;
  }

  /** Refuses rows and steps, which only a batch tells. */
  public void check(int rows, int steps, int rank) {
    if (!fits(0, rank, rows) || rank == 3 && !fits(1, rank, steps)) {
      throw new ShapeException("layer " + label() + ": expected a batch that fits its noise shape " + noiseShape + ", got "
          + rows + " rows" + (rank == 3 ? " and " + steps + " steps" : ""));
    }
  }

  /** The noise shape on one axis of an input. */
  private int noise(int axis, int rank) {
    if (noiseShape == null) {
      return Shape.UNKNOWN;
    }
    int own = axis - (rank - noiseShape.rank());
    return own < 0 ? 1 : noiseShape.axis(own);
  }

  /** Whether the elements along an axis share a fate. */
  public boolean shares(int axis, int rank) {
    return noise(axis, rank) == 1;
  }
}
