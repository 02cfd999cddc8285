package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.List;

/**
 * Products of two inputs, summed over one axis of each, row by row: {@code new Dot(2)} of (batch, t, n) and (batch, s, n) gives the
 * products (batch, t, s) of every step of the one with every step of the other, what attention is made of; {@code new Dot(1)} of two
 * (batch, n) gives (batch, 1). A mask does not pass through, as in Keras.
 *
 * <p>Of sequences it needs all steps at once. Time of unknown length may be summed over, or stay the first axis of the output, where
 * that of the first input is.
 */
public final class Dot extends Layer {
  private final int[] axes;
  private final boolean normalize;

  /**
   * Describes one.
   *
   * @param axes the axis that is summed over, of both inputs or of each; 0, the batch, is none, a negative one counts from the end
   * @throws ShapeException if there are not one or two
   */
  public Dot(int... axes) {
    this(null, Require.given(axes, "the axes").clone(), false);
  }

  private Dot(String name, int[] axes, boolean normalize) {
    super(name);
    this.axes = axes;
    this.normalize = normalize;
    if (axes.length != 1 && axes.length != 2) {
      throw new ShapeException("layer " + label() + ": expected one axis, or one of each of two inputs, got " + axes.length);
    }
  }

  /**
   * The axes.
   *
   * @return a copy of one or two, as described
   */
  public int[] axes() {
    return axes.clone();
  }

  /**
   * Whether what is summed over is divided by its length first, so that the output is a cosine.
   *
   * @return false by default
   */
  public boolean normalize() {
    return normalize;
  }

  /**
   * A copy that divides by lengths first, or does not.
   *
   * @param lengths false by default
   * @return the layer
   */
  public Dot normalize(boolean lengths) {
    return new Dot(name(), axes, lengths);
  }

  @Override
  public Dot named(String name) {
    return new Dot(name, axes, normalize);
  }

  @Override
  public boolean readsList() {
    return true;
  }

  /**
   * The axis of one input that is summed over.
   *
   * @param input 0 or 1
   * @param shape of that input
   * @return counted from the batch, which is 0
   */
  public int axis(int input, Shape shape) {
    int axis = axes[axes.length == 1 ? 0 : Require.index(input, 2, "input")];
    int counted = axis < 0 ? axis + Require.given(shape, "the shape of an input").rank() : axis;
    if (counted < 1 || counted >= Require.given(shape, "the shape of an input").rank()) {
      throw misfit("an axis " + axis + " behind the batch", shape);
    }
    return counted;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    refuseState(initialState);
    two(inputs);
    Shape x = inputs.get(0);
    Shape y = inputs.get(1);
    int summedX = x.axis(axis(0, x));
    int summedY = y.axis(axis(1, y));
    if (summedX != summedY && summedX != Shape.UNKNOWN && summedY != Shape.UNKNOWN) {
      throw new ShapeException("layer " + label() + ": expected as many numbers on axis " + axis(0, x) + " of " + x + " as on axis "
          + axis(1, y) + " of " + y);
    }
    int[] sizes = new int[Math.max(2, x.rank() + y.rank() - 3)];
    sizes[0] = x.axis(0) == Shape.UNKNOWN ? y.axis(0) : x.axis(0);
    sizes[1] = 1;
    int next = 1;
    for (int i = 0; i < 2; i++) {
      Shape input = inputs.get(i);
      for (int a = 1; a < input.rank(); a++) {
        if (a != axis(i, input)) {
          sizes[next++] = input.axis(a);
        }
      }
    }
    for (int a = sizes.length == 2 ? 1 : 2; a < sizes.length; a++) {
      if (sizes[a] == Shape.UNKNOWN) {
        throw new ShapeException("layer " + label() + ": the output of " + inputs + " would be " + Shape.of(sizes)
            + ", whose features must be known: give the inputs a fixed number of time steps");
      }
    }
    return List.of(Shape.of(sizes));
  }

  private void two(List<Shape> inputs) {
    if (Require.all(inputs, "the shapes that a layer reads").size() != 2) {
      throw new ShapeException("layer " + label() + " reads two inputs, but was given " + inputs.size());
    }
  }

  @Override
  public boolean keepsTime() {
    return false;
  }

  @Override
  public String needsWholeTime(List<Shape> inputs) {
    two(inputs);
    return inputs.get(0).rank() == 2 && inputs.get(1).rank() == 2 ? null
        : "multiplies whole sequences; run whole windows with predict";
  }

  @Override
  Mask mask(List<Symbol> inputs) {
    return null;
  }
}
