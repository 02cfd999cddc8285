package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Memory;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.lang.ref.WeakReference;
import java.util.Arrays;

/**
 * Memory whose size a file decides: too much of it is an exception with the remedy in it, never an
 * {@link OutOfMemoryError}, and is refused while other threads still have room.
 *
 * <p>A request larger than the whole heap is refused without being tried.
 */
public final class HeapRoom {
  /** The longest array that every JVM can make. */
  public static final int MAX_LENGTH = Memory.MAX_LENGTH;
  /** What is left to other threads: this part of the heap, at most so many bytes. */
  private static final int SPARE_PART = 16;
  private static final long SPARE = 64 << 20;
  /** Arrays below this are made without a look. */
  private static final long SMALL = 1 << 16;

  /** An array that nobody ever sees need not be made. */
  private static volatile Object probe;

  private HeapRoom() {}

  /**
   * Allocates bytes.
   *
   * @param count how many
   * @param what needs them, for the message
   * @return zeros
   * @throws FormatException if they do not fit into an array
   * @throws RillException if they do not fit into the heap
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
   * @throws FormatException if they do not fit into an array
   * @throws RillException if they do not fit into the heap
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
   * @throws FormatException if they do not fit into an array
   * @throws RillException if they do not fit into the heap
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
   * @throws FormatException if they do not fit into an array
   * @throws RillException if they do not fit into the heap
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
   * Looks whether there is room for something that will grow piece by piece. Costs next to nothing unless the heap is nearly
   * full: then the garbage is collected first.
   *
   * @param bytes how many, about
   * @param what needs them, for the message
   * @throws RillException if they do not fit into what is free
   */
  public static void require(long bytes, String what) {
    long spare = Math.min(SPARE, Runtime.getRuntime().maxMemory() / SPARE_PART);
    // A collector in regions counts as free what is too short for the next object, and a large array takes whole ones.
    long needed = bytes + Math.min(bytes, 2 * spare) + spare;
    // Some of what is in use may be garbage.
    if (needed > free() && !(collect() ? needed <= free() : canHave(needed))) {
      throw tooLarge(bytes, what);
    }
  }

  private static long free() {
    Runtime vm = Runtime.getRuntime();
    return vm.maxMemory() - vm.totalMemory() + vm.freeMemory();
  }

  /** Returns whether the garbage is gone: a JVM may be told not to listen. */
  private static boolean collect() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    System.gc();
    return garbage.refersTo(null);
  }

  /** Finds out by taking it. Whoever wants memory meanwhile may get none, so this is for a JVM that does not collect when asked. */
  private static boolean canHave(long bytes) {
    try {
      probe = new long[(int) Math.min(bytes / Long.BYTES, MAX_LENGTH)];
      probe = null;
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /**
   * What to throw where an {@link OutOfMemoryError} has come up; to be called when what was being made is out of reach.
   *
   * @param what needs more than there is
   * @return an exception with the remedy in it
   */
  public static RillException exhausted(String what) {
    return new RillException(what + " needs more memory than is free in the JVM's heap of at most " + megabytes(
        Runtime.getRuntime().maxMemory()) + " MB: raise -Xmx");
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
    for (int size : Require.given(shape, "the shape of an array")) {
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
    if (count * bytes > SMALL) {
      require(count * bytes, what);
    }
  }

  private static RillException tooLarge(long bytes, String what) {
    return new RillException(what + " needs " + megabytes(bytes) + " MB, the JVM has a heap of at most "
        + megabytes(Runtime.getRuntime().maxMemory()) + " MB and less than that is free: raise -Xmx");
  }

  private static long megabytes(long bytes) {
    return bytes + (1 << 20) - 1 >> 20;
  }
}
