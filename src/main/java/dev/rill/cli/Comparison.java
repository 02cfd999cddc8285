package dev.rill.cli;

import dev.rill.io.NpyArray;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers held against what is expected: the largest differences, the one that is the largest share of what is allowed, and the
 * first that is not allowed.
 *
 * <p>NaN matches only NaN, an infinity only itself. A relative difference to 0 has no meaning and is left out.
 */
final class Comparison {
  private static final int[] NUMBER = {};

  private double atol;
  private double rtol;
  private double largestAbsolute;
  private double largestRelative;
  private double worst;
  private double worstAllowed = Double.NaN;
  private String worstPlace;
  private int numbers;
  private int failures;
  private String failure;

  /** From now on {@code |actual - expected| <= atol + rtol * |expected|} is allowed. */
  void allow(double atol, double rtol) {
    this.atol = atol;
    this.rtol = rtol;
  }

  /** The first difference that is not allowed, or null. */
  String failure() {
    return failure;
  }

  double largestAbsolute() {
    return largestAbsolute;
  }

  double largestRelative() {
    return largestRelative;
  }

  /** The difference that is the largest share of what is allowed. */
  double worst() {
    return worst;
  }

  /** What is allowed where the worst difference is; NaN if nothing was compared. */
  double worstAllowed() {
    return worstAllowed;
  }

  /** Where the worst difference is and what stands there, or null if everything is equal. */
  String worstPlace() {
    return worstPlace;
  }

  /** How many numbers were compared. */
  int numbers() {
    return numbers;
  }

  /** How many of them differ by more than is allowed. */
  int failures() {
    return failures;
  }

  void array(String what, NpyArray expected, Tensor actual) {
    Shape shape = Shape.of(expected.shape());
    if (!shape.equals(actual.shape())) {
      fail(what + ": expected shape " + shape + ", actual " + actual.shape());
      return;
    }
    double[] wanted = expected.doubles();
    float[] values = actual.toArray();
    for (int i = 0; i < values.length; i++) {
      compare(what, expected.shape(), i, wanted[i], values[i]);
    }
  }

  void number(String what, double expected, double actual) {
    compare(what, NUMBER, 0, expected, actual);
  }

  private void compare(String what, int[] shape, int flat, double expected, double actual) {
    numbers++;
    double allowed = atol + rtol * Math.abs(expected);
    double difference = difference(expected, actual);
    boolean fails = difference == Double.POSITIVE_INFINITY || difference > allowed;
    boolean worse = worstAllowed != worstAllowed || share(difference, allowed) > share(worst, worstAllowed);
    if (!fails && !worse) {
      return;
    }
    String place = difference == 0 ? null : what + (shape.length == 0 ? "" : " " + Arrays.toString(index(shape, flat))) + ": expected "
        + shown(expected) + ", actual " + shown(actual);
    if (worse) {
      worst = difference;
      worstAllowed = allowed;
      worstPlace = place;
    }
    if (fails) {
      failures++;
      fail(place);
    }
  }

  private static double share(double difference, double allowed) {
    return difference == 0 || difference == Double.POSITIVE_INFINITY ? difference : difference / allowed;
  }

  /** Whether there are as many as expected. */
  boolean count(String what, int expected, int actual) {
    if (expected != actual) {
      fail(what + ": expected " + expected + ", actual " + actual);
    }
    return expected == actual;
  }

  /** Whether the names are those expected, in any order. */
  boolean names(String what, Set<String> expected, Collection<String> actual) {
    boolean same = expected.equals(Set.copyOf(actual));
    if (!same) {
      fail(what + ": expected " + new TreeSet<>(expected) + ", actual " + new TreeSet<>(actual));
    }
    return same;
  }

  private double difference(double expected, double actual) {
    if (expected == actual || expected != expected && actual != actual) {
      return 0;
    }
    double difference = Math.abs(actual - expected);
    // One of them may be NaN or infinite and the other not.
    difference = difference < Double.POSITIVE_INFINITY ? difference : Double.POSITIVE_INFINITY;
    largestAbsolute = Math.max(largestAbsolute, difference);
    if (expected != 0 || difference == Double.POSITIVE_INFINITY) {
      largestRelative = Math.max(largestRelative,
          difference == Double.POSITIVE_INFINITY ? difference : difference / Math.abs(expected));
    }
    return difference;
  }

  private void fail(String difference) {
    if (failure == null) {
      failure = difference;
    }
  }

  /** As short as possible: most of these were floats. */
  private static String shown(double value) {
    return value == (float) value ? Float.toString((float) value) : Double.toString(value);
  }

  private static int[] index(int[] shape, int flat) {
    int[] index = new int[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = flat % shape[axis];
      flat /= shape[axis];
    }
    return index;
  }
}
