package dev.rill.tensor;

/**
 * Arrays whose length a caller decides: too long a one is an exception that says what it is for and how large, never an
 * {@link OutOfMemoryError}.
 *
 * <p>A request larger than the whole heap is refused without being tried.
 */
public final class Memory {
  /** The longest array that every JVM can make. */
  public static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private Memory() {}

  /**
   * Allocates floats.
   *
   * @param count how many
   * @param what needs them, for the message
   * @return zeros
   * @throws ShapeException if an array cannot hold as many
   * @throws RillException if they do not fit into the heap
   */
  public static float[] floats(long count, String what) {
    check(count, what);
    try {
      return new float[(int) count];
    } catch (OutOfMemoryError e) {
      throw tooLarge(Float.BYTES * count, what);
    }
  }

  /**
   * Refuses floats that cannot be had.
   *
   * @param count how many
   * @param what needs them, for the message
   * @throws ShapeException if an array cannot hold as many
   * @throws RillException if they do not fit into a heap that holds nothing else
   */
  public static void check(long count, String what) {
    if (count < 0 || count > MAX_LENGTH) {
      throw new ShapeException(what + ": " + count + " floats (" + bytes(count) + " bytes), but an array holds at most "
          + MAX_LENGTH);
    }
    checkBytes(Float.BYTES * count, what);
  }

  private static long bytes(long floats) {
    return floats > Long.MAX_VALUE / Float.BYTES ? Long.MAX_VALUE : Float.BYTES * floats;
  }

  /**
   * Refuses bytes that cannot be had.
   *
   * @param bytes how many
   * @param what needs them, for the message
   * @throws RillException if they do not fit into a heap that holds nothing else
   */
  public static void checkBytes(long bytes, String what) {
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(bytes, what);
    }
  }

  /**
   * What is said where the heap has no room.
   *
   * @param bytes that were asked for
   * @param what needs them
   * @return an exception to be thrown
   */
  public static RillException tooLarge(long bytes, String what) {
    return new RillException(what + ": " + bytes + " bytes do not fit into the JVM's heap of at most "
        + Runtime.getRuntime().maxMemory() + " bytes; raise -Xmx, or ask for less at once");
  }
}
