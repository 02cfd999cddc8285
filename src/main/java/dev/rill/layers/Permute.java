package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;

/** The axes of a row in another order: {@code new Permute(2, 1)} exchanges time and features. */
public final class Permute extends Rearranged {
  private final int[] axes;

  /**
   * Describes one.
   *
   * @param axes for each axis of the output behind the batch the number of the input's axis, from 1
   * @throws ShapeException if it is no order of 1, 2, …
   */
  public Permute(int... axes) {
    this(null, Require.given(axes, "the order of axes").clone());
  }

  private Permute(String name, int[] axes) {
    super(name);
    this.axes = axes;
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (sorted[i] != i + 1) {
        throw new ShapeException("layer " + label() + ": expected an order of the axes 1 to " + axes.length + ", got "
            + Arrays.toString(axes));
      }
    }
  }

  /**
   * The order.
   *
   * @return a copy
   */
  public int[] axes() {
    return axes.clone();
  }

  @Override
  public Permute named(String name) {
    return new Permute(name, axes);
  }

  @Override
  public int[] order(Shape input) {
    int[] strides = new int[input.rank()];
    int size = 1;
    for (int axis = input.rank() - 1; axis > 0; axis--) {
      strides[axis] = size;
      size = Math.multiplyExact(size, input.axis(axis));
    }
    int[] order = new int[size];
    int[] at = new int[axes.length];
    for (int i = 0; i < size; i++) {
      for (int a = 0; a < at.length; a++) {
        order[i] += at[a] * strides[axes[a]];
      }
      for (int a = at.length - 1; a >= 0 && ++at[a] == input.axis(axes[a]); a--) {
        at[a] = 0;
      }
    }
    return order;
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    if (input.rank() != axes.length + 1) {
      throw misfit((axes.length + 1) + " axes", input);
    }
    checkKnown(input);
    int[] sizes = new int[input.rank()];
    sizes[0] = input.axis(0);
    for (int a = 0; a < axes.length; a++) {
      sizes[a + 1] = input.axis(axes[a]);
    }
    return List.of(Shape.of(sizes));
  }
}
