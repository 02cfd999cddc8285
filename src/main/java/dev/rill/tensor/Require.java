package dev.rill.tensor;

import java.time.Duration;
import java.util.List;

/** Arguments, held against what is asked for before anything changes: whatever does not hold is a {@link RillException}. */
public final class Require {
  private Require() {}

  /**
   * Refuses null.
   *
   * @param <T> class of the argument
   * @param value an argument
   * @param what it is, for the message
   * @return the argument
   * @throws RillException if it is null
   */
  public static <T> T given(T value, String what) {
    if (value == null) {
      throw missing(what);
    }
    return value;
  }

  /**
   * Refuses a list that is null or holds null.
   *
   * @param <T> class of the list
   * @param values an argument
   * @param what it is, for the message
   * @return the list itself
   * @throws RillException if the list or one of its elements is null
   */
  public static <T extends List<?>> T all(T values, String what) {
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int i = 0; i < given(values, what).size(); i++) {
      if (values.get(i) == null) {
        throw missing("element " + i + " of " + what);
      }
    }
    return values;
  }

  /**
   * Refuses an array that is null or holds null.
   *
   * @param <T> class of the elements
   * @param values an argument
   * @param what it is, for the message
   * @return the array itself
   * @throws RillException if the array or one of its elements is null
   */
  public static <T> T[] all(T[] values, String what) {
    for (int i = 0; i < given(values, what).length; i++) {
      if (values[i] == null) {
        throw missing("element " + i + " of " + what);
      }
    }
    return values;
  }

  /**
   * Refuses a number that is too small.
   *
   * @param value an argument
   * @param least smallest number that is fine
   * @param what it is, for the message
   * @return the argument
   * @throws ShapeException if it is smaller
   */
  public static int atLeast(int value, int least, String what) {
    if (value < least) {
      throw new ShapeException(what + ": expected at least " + least + ", got " + value);
    }
    return value;
  }

  /**
   * Refuses a time that is too short or too long to be counted in milliseconds.
   *
   * @param value an argument
   * @param what it is, for the message
   * @return the argument in ms
   * @throws ShapeException if it is less than a millisecond, or more than a thousand years
   */
  public static long millis(Duration value, String what) {
    if (given(value, what).compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(365_250)) > 0) {
      throw new ShapeException(what + ": expected a millisecond to a thousand years, got " + value);
    }
    return value.toMillis();
  }

  /**
   * Refuses an index that is out of range.
   *
   * @param index an argument
   * @param count how many there are
   * @param what is counted, in the singular, for the message
   * @return the argument
   * @throws ShapeException if it is not from 0 to {@code count - 1}
   */
  public static int index(int index, int count, String what) {
    if (index < 0 || index >= count) {
      throw new ShapeException("there is no " + what + " " + index + ": expected an index from 0 below " + count);
    }
    return index;
  }

  /**
   * Refuses a count of more than there are.
   *
   * @param n an argument of this name
   * @param most how many there are
   * @param what that is, for the message: {@code "the number of keys"}
   * @throws ShapeException if it is not from 0 to {@code most}
   */
  public static void count(int n, int most, String what) {
    if (n < 0 || n > most) {
      throw new ShapeException("n is " + n + ": expected 0 to " + most + ", " + what);
    }
  }

  private static RillException missing(String what) {
    return new RillException(what + " is missing: got null");
  }
}
