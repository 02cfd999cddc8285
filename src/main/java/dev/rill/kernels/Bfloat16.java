package dev.rill.kernels;

/** A float32 without the lower half of its bits: the same range, 8 bits of precision. */
final class Bfloat16 {
  private Bfloat16() {}

  /** Rounds to nearest, ties to even; beyond the largest finite value lies infinity; NaN stays NaN. */
  static int of(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (value != value) {
      // The payload may lie in the half that goes; the quiet bit does not.
      return bits >>> 16 | 0x40;
    }
    return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
  }

  /** Exact; whatever stands above the lower 16 bits is dropped. */
  static float widen(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
