package dev.rill.cli;

import dev.rill.io.NpyArray;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers held against what is expected: the largest differences, and the first that is not allowed.
 *
 * <p>NaN matches only NaN, an infinity only itself. A relative difference to 0 has no meaning and is left out.
 */
final class Comparison {
  private double atol;
  private double rtol;
  private double largestAbsolute;
  private double largestRelative;
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

  void array(String what, NpyArray expected, Tensor actual) {
    Shape shape = Shape.of(expected.shape());
    if (!shape.equals(actual.shape())) {
      fail(what + ": expected shape " + shape + ", actual " + actual.shape());
      return;
    }
    double[] wanted = expected.doubles();
    float[] values = actual.toArray();
    for (int i = 0; i < values.length; i++) {
      if (!close(wanted[i], values[i])) {
        fail(what + " " + Arrays.toString(index(expected.shape(), i)), wanted[i], values[i]);
      }
    }
  }

  void number(String what, double expected, double actual) {
    if (!close(expected, actual)) {
      fail(what, expected, actual);
    }
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

  private boolean close(double expected, double actual) {
    if (expected == actual || expected != expected && actual != actual) {
      return true;
    }
    double difference = Math.abs(actual - expected);
    if (!(difference < Double.POSITIVE_INFINITY)) {
      // One of them is NaN or infinite and the other is not.
      largestAbsolute = Double.POSITIVE_INFINITY;
      largestRelative = Double.POSITIVE_INFINITY;
      return false;
    }
    largestAbsolute = Math.max(largestAbsolute, difference);
    if (expected != 0) {
      largestRelative = Math.max(largestRelative, difference / Math.abs(expected));
    }
    return difference <= atol + rtol * Math.abs(expected);
  }

  private void fail(String what, double expected, double actual) {
    fail(what + ": expected " + shown(expected) + ", actual " + shown(actual));
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
