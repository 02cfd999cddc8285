package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.util.Arrays;

/**
 * Arrays whose length a file decides: too large a one is an exception with the remedy in it, never an
 * {@link OutOfMemoryError}.
 *
 * <p>A request larger than the whole heap is refused without being tried.
 */
public final class HeapRoom {
  /** The longest array that every JVM can make. */
  public static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private HeapRoom() {}

  /**
   * Allocates bytes.
   *
   * @param count how many
   * @param what needs them, for the message
   * @return zeros
   * @throws FormatException if they do not fit into an array or into the heap
   */
  public static byte[] bytes(long count, String what) {
    check(count, 1, what);
    try {
      return new byte[(int) count];
    } catch (OutOfMemoryError e) {
      throw tooLarge(count, what);
    }
  }

  /**
   * Allocates floats.
   *
   * @param count how many
   * @param what needs them, for the message
   * @return zeros
   * @throws FormatException if they do not fit into an array or into the heap
   */
  public static float[] floats(long count, String what) {
    check(count, Float.BYTES, what);
    try {
      return new float[(int) count];
    } catch (OutOfMemoryError e) {
      throw tooLarge(count * Float.BYTES, what);
    }
  }

  /**
   * Allocates doubles.
   *
   * @param count how many
   * @param what needs them, for the message
   * @return zeros
   * @throws FormatException if they do not fit into an array or into the heap
   */
  public static double[] doubles(long count, String what) {
    check(count, Double.BYTES, what);
    try {
      return new double[(int) count];
    } catch (OutOfMemoryError e) {
      throw tooLarge(count * Double.BYTES, what);
    }
  }

  /**
   * Allocates longs.
   *
   * @param count how many
   * @param what needs them, for the message
   * @return zeros
   * @throws FormatException if they do not fit into an array or into the heap
   */
  public static long[] longs(long count, String what) {
    check(count, Long.BYTES, what);
    try {
      return new long[(int) count];
    } catch (OutOfMemoryError e) {
      throw tooLarge(count * Long.BYTES, what);
    }
  }

  /**
   * The number of elements of a shape, computed without overflow.
   *
   * @param shape sizes of the axes
   * @param what has this shape, for the message
   * @return their product, 1 for a scalar
   * @throws FormatException if an axis is negative or an array cannot hold that many
   */
  public static int elements(int[] shape, String what) {
    long count = 1;
    boolean empty = false;
    for (int size : shape) {
      if (size < 0) {
        throw new FormatException(what + " has the shape " + Arrays.toString(shape) + ": an axis cannot be negative");
      }
      empty |= size == 0;
      count = Math.min(count, MAX_LENGTH) * Math.max(size, 1);
    }
    if (empty) {
      return 0;
    }
    if (count > MAX_LENGTH) {
      throw new FormatException(what + " has the shape " + Arrays.toString(shape) + ": more than " + MAX_LENGTH
          + " elements do not fit into an array");
    }
    return (int) count;
  }

  private static void check(long count, int bytes, String what) {
    if (count < 0 || count > MAX_LENGTH) {
      throw new FormatException(what + " needs an array of " + Long.toUnsignedString(count)
          + " elements, the longest has " + MAX_LENGTH);
    }
    if (count * bytes > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(count * bytes, what);
    }
  }

  private static FormatException tooLarge(long bytes, String what) {
    return new FormatException(what + " needs " + (bytes + (1 << 20) - 1 >> 20) + " MB, the JVM has a heap of at most "
        + (Runtime.getRuntime().maxMemory() >> 20) + " MB: raise -Xmx");
  }
}
