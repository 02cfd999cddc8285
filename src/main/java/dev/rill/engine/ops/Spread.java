package dev.rill.engine.ops;

import dev.rill.tensor.Shape;

/**
 * Which element of a variable goes with which number of a row: the variable has an axis for each of the row's, of size 1 where one
 * element serves all.
 */
final class Spread {
  /** Numbers of a row and step. */
  final int width;
  /** Whether every step reads the same elements. */
  final boolean alike;
  private final int[] elements;

  /**
   * Counts elements once for all.
   *
   * @param input shape of what is read, batch axis included
   * @param sizes the variable's axes, without a batch axis
   * @param sequence whether the first of them is time
   */
  Spread(Shape input, int[] sizes, boolean sequence) {
    int first = sequence ? 1 : 0;
    alike = !sequence || sizes[0] == 1;
    int numbers = 1;
    for (int axis = first; axis < sizes.length; axis++) {
      numbers = Math.multiplyExact(numbers, input.axis(axis + 1));
    }
    width = numbers;
    elements = new int[Math.multiplyExact(width, alike ? 1 : sizes[0])];
    for (int i = 0; i < elements.length; i++) {
      int left = i;
      int stride = 1;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        int size = axis < first ? sizes[0] : input.axis(axis + 1);
        elements[i] += sizes[axis] == 1 ? 0 : left % size * stride;
        left /= size;
        stride *= sizes[axis];
      }
    }
  }

  /** Numbers of a row for which elements are counted: of one step, or of all where they differ. */
  int size() {
    return elements.length;
  }

  /** The element for a number of some step. */
  int element(int step, int j) {
    return elements[(alike ? 0 : step * width) + j];
  }
}
