package dev.rill.engine.ops;

import dev.rill.layers.LayerNormalization;
import dev.rill.tensor.Shape;

/**
 * The numbers of a row that a layer normalizes together: groups within each step, or with the same place at every step where time is
 * normalized, too. Gamma and beta have an element for each member, those of a step one behind the other.
 */
final class NormalizedGroups {
  /** Whether a group has members at every step. */
  final boolean overTime;
  /** Groups of a step, or of a row where they reach over time. */
  final int count;
  /** Numbers of a step in each. */
  final int members;
  /** Where the members are within a step, group by group. */
  private final int[] places;

  NormalizedGroups(Shape input, LayerNormalization layer) {
    boolean[] together = layer.together(input);
    int first = input.rank() > 2 ? 1 : 0;
    overTime = first == 1 && together[0];
    int width = 1;
    int own = 1;
    for (int axis = first; axis < together.length; axis++) {
      width = Math.multiplyExact(width, input.axis(axis + 1));
      own *= together[axis] ? input.axis(axis + 1) : 1;
    }
    members = own;
    count = width / Math.max(1, own);
    places = new int[width];
    for (int j = 0; j < width; j++) {
      int left = j;
      int group = 0;
      int groupStride = 1;
      int member = 0;
      int memberStride = 1;
      for (int axis = together.length - 1; axis >= first; axis--) {
        int size = input.axis(axis + 1);
        if (together[axis]) {
          member += left % size * memberStride;
          memberStride *= size;
        } else {
          group += left % size * groupStride;
          groupStride *= size;
        }
        left /= size;
      }
      places[group * members + member] = j;
    }
  }

  /** The place of a member within a step. */
  int place(int group, int member) {
    return places[group * members + member];
  }

  /**
   * The mean of a group, in double.
   *
   * @param at the first step's numbers
   * @param apart from a step to the next
   * @param steps that it reaches over, 1 within a step
   */
  double mean(float[] x, int at, int apart, int steps, int group) {
    double sum = 0;
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < members; i++) {
        sum += x[at + step * apart + place(group, i)];
      }
    }
    return sum / (steps * members);
  }

  /** The variance, likewise. */
  double variance(float[] x, int at, int apart, int steps, int group, double mean) {
    double sum = 0;
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < members; i++) {
        double d = x[at + step * apart + place(group, i)] - mean;
        sum += d * d;
      }
    }
    return sum / (steps * members);
  }
}
