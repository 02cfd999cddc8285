package dev.rill.kernels;

/**
 * Places for packed weights that start where a cache line starts.
 *
 * <p>A vector that straddles two cache lines takes two accesses: weights in the first-level cache then arrive at half the
 * speed, and on some processors those in the second-level cache, too. Java aligns arrays to 8 bytes only, but G1, the usual
 * collector, puts an array of half a region or more at the start of a region and never moves it; its elements begin 16 bytes
 * further. So small weights share such an array, and every place begins {@value #FIRST} floats behind a multiple of a line. With
 * other collectors only the speed is another. A chunk is garbage when all that lies in it is.
 */
final class Arena {
  /** Floats of a cache line of 64 bytes. */
  private static final int LINE = 16;
  /** The header of an array is 16 bytes, or 4 floats. */
  private static final int FIRST = LINE - 4;
  /** Half a region of 4 MB, which is what heaps of up to 16 GB have, and a little more. */
  private static final int CHUNK = (2 << 20) / 4 + 2 * LINE;
  /** Larger weights are an array of that kind by themselves. */
  private static final int LARGEST = CHUNK - 2 * LINE;

  private static float[] chunk;
  private static int used;

  private Arena() {}

  /** An array and where in it a place begins. */
  record Place(float[] data, int at) {}

  /** Returns room for so many floats, all zero. */
  static synchronized Place place(int size) {
    if (size > LARGEST) {
      return new Place(new float[size + FIRST], FIRST);
    }
    int padded = (size + LINE - 1) & -LINE;
    if (chunk == null || used + padded > CHUNK) {
      chunk = new float[CHUNK];
      used = FIRST;
    }
    Place place = new Place(chunk, used);
    used += padded;
    return place;
  }
}
