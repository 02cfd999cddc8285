package dev.rill.kernels;

/**
 * Symmetric whole numbers: a weight is {@code q * scale}, q from −127 to 127. The scale is the largest magnitude of
 * its group divided by 127, in float32.
 *
 * <p>A group that holds NaN or an infinity has the scale NaN: nothing else tells its readers that it cannot be represented.
 */
final class Int8 {
  private static final int LARGEST = 127;

  private Int8() {}

  /** Largest magnitude so far and one weight more; once not finite, NaN for good. */
  static float magnitude(float largest, float weight) {
    float finite = weight - weight;
    return Math.max(largest, Math.abs(weight)) + finite;
  }

  /** Scale of a group of this largest magnitude; 0 of nothing but 0, though 127th parts of the smallest numbers round to it. */
  static float scale(float largest) {
    return largest > 0 ? Math.max(largest / LARGEST, Float.MIN_VALUE) : largest;
  }

  /** Rounds to nearest, ties to even. Where the scale is 0, all weights are 0. */
  static int of(float weight, float scale) {
    if (!(scale > 0)) {
      return 0;
    }
    // A scale that is subnormal may have been rounded down by much.
    return (int) Math.max(-LARGEST, Math.min(LARGEST, Math.rint((double) weight / scale)));
  }

  /** As {@link #of}, but a weight that is not 0 stays so, as an infinite input makes NaN of a 0 and an infinity of all else. */
  static int factor(float weight, float scale) {
    int q = of(weight, scale);
    return q != 0 || weight == 0 || !(scale > 0) ? q : weight > 0 ? 1 : -1;
  }
}
