package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The elementary functions of one float: range reduction, a polynomial, a division. They are the specification;
 * {@link VectorElementary}, {@link VectorLstm}, {@link VectorGru} and their steps repeat them operation by operation.
 *
 * <p>Nothing but add, multiply, fma, divide, compare-and-select and integer operations is used, so the result is the same
 * wherever it is computed. Bounds are the largest error against double precision over all 2<sup>32</sup>
 * floats, in units of the last place of the true result (2<sup>-149</sup> for subnormal results).
 *
 * <p>One step of a small cell waits for one sigmoid and two tanh, one after the other: so these two are written for
 * latency. They clamp by an integer minimum of the bits, which takes a cycle where a comparison and a selection of floats
 * takes up to a dozen, and their polynomials are short trees.
 */
final class Elementary {
  /** Adding and subtracting 1.5 · 2<sup>23</sup> rounds to an integer and leaves it in the low bits. */
  static final float MAGIC = 12582912f;
  static final float LOG2E = 1.44269502f;
  /** Upper part of ln 2 with 9 trailing zeros: its product with the integers that occur is exact. */
  static final float LN2_HIGH = 0.693145751953125f;
  static final float LN2_LOW = 1.42860677e-6f;

  // expm1(r) = r + r^2 (E2 + E3 r + ... + E6 r^4) for |r| <= 0.3468, relative error 3.1e-9.
  static final float E2 = 0.49999994f;
  static final float E3 = 0.16666521f;
  static final float E4 = 0.041668266f;
  static final float E5 = 0.0083686775f;
  static final float E6 = 0.0013820734f;

  // tanh(r) = r + r^3 (T1 + T2 r^2 + T3 r^4) for -2^-10 <= r <= ln(2) / 2.
  static final float T1 = -0x1.5553dp-2f;
  static final float T2 = 0x1.1074a4p-3f;
  static final float T3 = -0x1.9454fep-5f;

  static final float EXP_LOW = -104f;
  static final float EXP_HIGH = 89f;
  static final float SIGMOID_HIGH = 18f;
  static final float TANH_HIGH = 9.02f;
  static final float LOG2E_TWICE = 2.88539004f;
  static final float HALF_LN2 = 0.34657359f;

  /**
   * Added to the bits of a float it makes the smallest integers of positive NaN and leaves infinity the largest: a minimum then
   * clamps what is too large and keeps NaN, as it keeps everything negative.
   */
  static final int NAN_FIRST = 0x7fffff;
  static final int SIGMOID_CLAMP = Float.floatToRawIntBits(SIGMOID_HIGH) + NAN_FIRST;
  static final int TANH_CLAMP = Float.floatToRawIntBits(TANH_HIGH) + NAN_FIRST;

  /** Sigmoid is carried out 2<sup>23</sup> times smaller, so that subnormal results come out right. */
  static final float TINY = 0x1p-23f;
  /** {@link #MAGIC} with the exponent's bias and a sign: the low bits, shifted into their place, are −2<sup>n−23</sup>. */
  static final float SIGMOID_MAGIC = MAGIC + 256 + 127 - 23;
  /** The largest n whose power is finite. What is left of a smaller x only makes the sum larger. */
  static final int SIGMOID_LAST = Float.floatToRawIntBits(SIGMOID_MAGIC + 150);
  /** 1.5 · 2<sup>15</sup>, which leaves 8 bits to a fraction, and the exponent's bias for 2<sup>n−1</sup>. */
  static final float TANH_MAGIC = 0x1.8p15f + 127 - 1;
  static final int FRACTION_BITS = 8;
  static final int ONE_BITS = 127 << 23;

  private Elementary() {}

  /** Returns 2<sup>n + offset</sup> for the integer n in the low bits of {@code m}. */
  static float power(float m, int offset) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(m) << 23) + ((127 + offset) << 23));
  }

  /** Returns e<sup>x</sup>; error at most 1.02 ulp. */
  static float exp(float x) {
    x = x < EXP_LOW ? EXP_LOW : x;
    x = x > EXP_HIGH ? EXP_HIGH : x;
    float m = fma(x, LOG2E, MAGIC);
    float p = expm1Reduced(x, m);
    int i = Float.floatToRawIntBits(m);
    // Two factors, because 2^n itself may be neither a normal float nor finite.
    int half = (i >> 1) << 23;
    float s1 = Float.intBitsToFloat(half + ONE_BITS);
    float s2 = Float.intBitsToFloat((i << 23) - half + ONE_BITS);
    return fma(p, s1, s1) * s2;
  }

  /** Returns expm1 of what remains of {@code x} when {@code n ln 2} is taken off, n in the low bits of {@code m}. */
  static float expm1Reduced(float x, float m) {
    float n = m - MAGIC;
    return expm1Polynomial(fma(n, -LN2_LOW, fma(n, -LN2_HIGH, x)));
  }

  static float expm1Polynomial(float r) {
    float p = fma(r, E6, E5);
    p = fma(p, r, E4);
    p = fma(p, r, E3);
    p = fma(p, r, E2);
    return fma(p, r * r, r);
  }

  /** Returns 1 / (1 + e<sup>−x</sup>); error at most 1.72 ulp. */
  static float sigmoid(float x) {
    x = Float.intBitsToFloat(Math.min(Float.floatToRawIntBits(x) + NAN_FIRST, SIGMOID_CLAMP) - NAN_FIRST);
    int bits = Math.min(Float.floatToRawIntBits(fma(x, -LOG2E, SIGMOID_MAGIC)), SIGMOID_LAST);
    float n = Float.intBitsToFloat(bits) - SIGMOID_MAGIC;
    float r = fma(n, LN2_LOW, fma(n, LN2_HIGH, x));
    // 1 - e^-r
    float w = r * r;
    float p = fma(w, -E6, fma(r, E5, -E4));
    p = fma(p, w, fma(r, E3, -E2));
    p = fma(p, w, r);
    float s = Float.intBitsToFloat(bits << 23);
    // 2^-23 (1 + 2^n), and what its rounding lost.
    float t = TINY - s;
    float lost = TINY - (t + s);
    return TINY / (fma(p, s, lost) + t);
  }

  /**
   * Returns the hyperbolic tangent, exactly odd; error at most 1.77 ulp. With |x| = (n / 2) ln 2 + r, q = tanh r and
   * s = 2<sup>n−1</sup> it is u / (u + 1 − q) with u = q (s + 1/2) + s − 1/2.
   */
  static float tanh(float x) {
    int bits = Float.floatToRawIntBits(x);
    float a = Float.intBitsToFloat(Math.min((bits & 0x7fffffff) + NAN_FIRST, TANH_CLAMP) - NAN_FIRST);
    int m = Float.floatToRawIntBits(fma(a, LOG2E_TWICE, TANH_MAGIC)) & -(1 << FRACTION_BITS);
    float r = fma(Float.intBitsToFloat(m) - TANH_MAGIC, -HALF_LN2, a);
    float w = r * r;
    float q = fma(w, T3, T2);
    q = fma(q, w, T1);
    q = fma(q, w * r, r);
    float s = Float.intBitsToFloat(m << 23 - FRACTION_BITS);
    float u = fma(q, s + 0.5f, s - 0.5f);
    float y = u / (u + (1 - q));
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | (bits & 0x80000000));
  }
}
