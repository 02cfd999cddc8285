package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;

/** The numbers of a row with other axes, in the same order. */
public final class Reshape extends Rearranged {
  private final Shape target;

  /**
   * Describes one.
   *
   * @param axes sizes behind the batch; one may be −1 (or {@link Shape#UNKNOWN}) for whatever is left
   * @throws ShapeException if a size is neither, or there are two of −1
   */
  public Reshape(int... axes) {
    this(null, Shape.of(known(axes)));
  }

  private Reshape(String name, Shape target) {
    super(name);
    this.target = target;
  }

  private static int[] known(int[] axes) {
    int[] sizes = Require.given(axes, "the sizes of axes").clone();
    int left = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      boolean free = sizes[axis] == -1 || sizes[axis] == Shape.UNKNOWN;
      left += free ? 1 : 0;
      if (!free && sizes[axis] < 1 || left > 1) {
        throw new ShapeException("layer Reshape: expected sizes above 0 and at most one of -1, got " + Arrays.toString(axes));
      }
      sizes[axis] = free ? Shape.UNKNOWN : sizes[axis];
    }
    return sizes;
  }

  /**
   * The axes behind the batch.
   *
   * @return one may be {@link Shape#UNKNOWN}
   */
  public Shape target() {
    return target;
  }

  @Override
  public Reshape named(String name) {
    return new Reshape(name, target);
  }

  @Override
  List<Shape> outputs(List<Shape> inputs, List<Shape> initialState) {
    Shape input = only(inputs, initialState);
    int size = size(input);
    int[] axes = new int[target.rank() + 1];
    axes[0] = input.axis(0);
    int free = -1;
    int given = 1;
    for (int axis = 0; axis < target.rank(); axis++) {
      axes[axis + 1] = target.axis(axis);
      if (axes[axis + 1] == Shape.UNKNOWN) {
        free = axis + 1;
      } else {
        given = Math.multiplyExact(given, axes[axis + 1]);
      }
    }
    checkKnown(input);
    if (free >= 0 ? size % given != 0 : size != given) {
      throw misfit("as many numbers a row as in " + target, input);
    }
    if (free >= 0) {
      axes[free] = size / given;
    }
    return List.of(Shape.of(axes));
  }
}
