package dev.rill.fuzz;

/**
 * The decisions that a fuzzer's input stands for, one behind the other. Once they are used up every one is 0, which a fuzzer
 * lets be the plain case: a short input makes a right file, and what a mutation of it changes stays local.
 */
final class Choices {
  /** Numbers on which sizes, counts and addresses are wont to break. */
  private static final long[] EDGES = {0, 1, 2, 3, 8, 16, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 1 << 20,
      1 << 24, 1 << 28, Integer.MAX_VALUE, 1L << 31, 0xffff_ffffL, 1L << 32, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2,
      -8};

  private final byte[] bytes;
  private int at;

  Choices(byte[] bytes) {
    this.bytes = bytes;
  }

  private int octet() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  /** One of the numbers from 0 to {@code n - 1}; 0 if there are none. */
  int below(int n) {
    if (n <= 1) {
      return 0;
    }
    int value = octet();
    for (int range = 256; range < n; range *= 256) {
      value = value << 8 | octet();
      if (range == 1 << 24) {
        break;
      }
    }
    return Integer.remainderUnsigned(value, n);
  }

  /** True seldom: once in {@code n}, and never when the choices are used up. */
  boolean oneIn(int n) {
    return below(n) == n - 1;
  }

  boolean yes() {
    return below(2) == 1;
  }

  long edge() {
    return EDGES[below(EDGES.length)];
  }

  @SafeVarargs
  final <T> T of(T... values) {
    return values[below(values.length)];
  }

  /** A number in [-2, 2), on a grid of 2^-6; seldom one that is special. */
  float real() {
    int value = octet();
    if (value < 255) {
      return (value - 128) / 64f;
    }
    return of(Float.NaN, Float.POSITIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE, -1e20f);
  }

  float[] reals(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = real();
    }
    return values;
  }
}
