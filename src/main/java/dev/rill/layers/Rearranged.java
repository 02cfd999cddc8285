package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import java.util.List;

/**
 * What Reshape, Flatten and Permute have in common: the numbers of a row in another arrangement. A mask does not pass through, as
 * in Keras.
 */
public abstract class Rearranged extends Layer {
  Rearranged(String name) {
    super(name);
  }

  /**
   * The order of the numbers.
   *
   * @param input shape of what it reads, all but the batch known
   * @return for each number of the output its place in the input; null if the order stays
   */
  public int[] order(Shape input) {
    return null;
  }

  @Override
  public final boolean keepsTime() {
    return false;
  }

  @Override
  final String needsWholeTime() {
    return "rearranges the numbers of all steps at once; run whole windows with predict";
  }

  @Override
  final Mask mask(List<Symbol> inputs) {
    return null;
  }

  /** Refuses a row of an open number of steps, of which Keras makes features, or steps, of an open number. */
  final void checkKnown(Shape input) {
    if (size(input) == Shape.UNKNOWN) {
      throw unsupported("known sizes of all axes but the batch", input, "give the model's input its number of steps, or rearrange "
          + "the features of each step by TimeDistributed");
    }
  }

  /**
   * Numbers in a row.
   *
   * @param input batch axis included
   * @return their number, or {@link Shape#UNKNOWN} if an axis is unknown
   */
  public static int size(Shape input) {
    for (int axis = 1; axis < Require.given(input, "the shape of a row").rank(); axis++) {
      if (input.axis(axis) == Shape.UNKNOWN) {
        return Shape.UNKNOWN;
      }
    }
    return input.with(0, 1).size();
  }
}
