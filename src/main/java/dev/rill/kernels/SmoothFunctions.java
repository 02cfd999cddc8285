package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * The smooth activation functions beyond {@link Elementary}, of one float. Bounds are meant as there: the largest error
 * over all floats, in units of the last place, relative all the way down into the tails.
 */
public final class SmoothFunctions {
  /** 2<sup>32</sup>: what tails are carried out above, so that they do not underflow on the way. */
  private static final float BIG = 0x1p32f;

  private SmoothFunctions() {}

  /** e<sup>x</sup> − 1 for x ≤ 0, 0.95 ulp; anything but NaN's loss for larger x. */
  private static float expm1Negative(float x) {
    float z = x < -18 ? -18 : x;
    float m = fma(z, Elementary.LOG2E, Elementary.MAGIC);
    float s = Elementary.power(m, 0);
    return fma(Elementary.expm1Reduced(z, m), s, s - 1);
  }

  /** x above 0, else e<sup>x</sup> − 1 (Clevert 2015); 0.95 ulp. */
  static float elu(float x) {
    return x > 0 ? x : expm1Negative(x);
  }

  /** Scaled {@link #elu} (Klambauer 2017): scale 1.05070098, alpha 1.67326324; 1.90 ulp. */
  static float selu(float x) {
    return x > 0 ? x * 1.050701f : expm1Negative(x) * 1.7580993f;
  }

  /** log(1 + e<sup>−|x|</sup>). */
  private static float softTail(float x) {
    float z = Float.intBitsToFloat(Float.floatToRawIntBits(x) | 0x80000000);
    float e = Elementary.exp(z);
    // log1p(e) = e + e^2 q(e) for 0 <= e <= 1.
    float q = fma(e, -0.0032910742f, 0.02008846f);
    q = fma(q, e, -0.057460483f);
    q = fma(q, e, 0.10661371f);
    q = fma(q, e, -0.15344977f);
    q = fma(q, e, 0.19692121f);
    q = fma(q, e, -0.2495802f);
    q = fma(q, e, 0.33330464f);
    q = fma(q, e, -0.4999993f);
    return fma(q, e * e, e);
  }

  /**
   * Returns log(1 + e<sup>x</sup>).
   *
   * @param x any float
   * @return within 1.87 ulp
   */
  public static float softplus(float x) {
    return (x > 0 ? x : 0) + softTail(x);
  }

  /** −log(1 + e<sup>−x</sup>); 1.87 ulp. */
  static float logSigmoid(float x) {
    return (x < 0 ? x : 0) - softTail(x);
  }

  /**
   * Returns the natural logarithm.
   *
   * @param x any float
   * @return within 0.94 ulp
   */
  public static float log(float x) {
    boolean tiny = x < 0x1p-126f;
    float scaled = tiny ? x * 0x1p24f : x;
    // The exponent counts from 2/3, so that what remains is 2^k (1 + f) with |f| <= 1/3.
    int i = Float.floatToRawIntBits(scaled) - 0x3f2aaaab;
    float k = (i >> 23) + (tiny ? -24f : 0f);
    float f = Float.intBitsToFloat((i & 0x7fffff) + 0x3f2aaaab) - 1;
    float q = fma(f, -0.12880403f, 0.13985507f);
    q = fma(q, f, -0.12187237f);
    q = fma(q, f, 0.14005567f);
    q = fma(q, f, -0.16680232f);
    q = fma(q, f, 0.20010434f);
    q = fma(q, f, -0.24999805f);
    q = fma(q, f, 0.33333215f);
    q = fma(q, f, -0.5f);
    float y = fma(k, 0.6931472f, fma(q, f * f, f));
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x < 0 ? Float.NaN : y;
    return x == 0 ? Float.NEGATIVE_INFINITY : y;
  }

  /** x · sigmoid(x) (Hendrycks 2016, Ramachandran 2017); 1.78 ulp. */
  static float silu(float x) {
    float z = x < -110 ? -110 : x;
    z = z > Elementary.SIGMOID_HIGH ? Elementary.SIGMOID_HIGH : z;
    float m = fma(z, -Elementary.LOG2E, Elementary.MAGIC);
    // 1 - e^-r, and from it 2^-32 (1 + e^-z), as in Elementary.sigmoid.
    float p = -Elementary.expm1Reduced(-z, m);
    float s = -Elementary.power(m, -32);
    float t = 1 / BIG - s;
    float lost = 1 / BIG - (t + s);
    float y = z / (fma(p, s, lost) + t) * (1 / BIG);
    return x > Elementary.SIGMOID_HIGH ? x : y;
  }

  /** x · tanh(softplus(x)) (Misra 2019), which is x n / (n + 2) with n = e<sup>x</sup> (e<sup>x</sup> + 2); 2.69 ulp. */
  static float mish(float x) {
    float z = x < -110 ? -110 : x;
    z = z > 12 ? 12 : z;
    float m = fma(z, Elementary.LOG2E, Elementary.MAGIC);
    float s = Elementary.power(m, 34);
    float scaled = fma(Elementary.expm1Reduced(z, m), s, s);
    float e = scaled * 0x1p-34f;
    float d = fma(e, e + 2, 2);
    float c = x < 0 ? fma(e, e, e) : 2;
    float a = z * (x < 0 ? scaled : 0x1p34f);
    float y = fma(-a, c / d, a) * 0x1p-34f;
    return x > 12 ? x : y;
  }

  /**
   * x Φ(x) with the normal distribution's function Φ (Hendrycks 2016), Keras' exact form; 3.80 ulp. With t = |x| it is
   * max(x, 0) − t Φ(−t), and t Φ(−t) = e<sup>−t²/2</sup> A / (√(2π) A + 1 + t M) for two polynomials A and M.
   */
  static float gelu(float x) {
    float t = Math.abs(x);
    t = t > 14.5f ? 14.5f : t;
    float h = t * t;
    // t * t = h + low, exactly: the exponent needs more bits than a float has.
    float low = fma(t, t, -h);
    float m = fma(h, -0.5f * Elementary.LOG2E, Elementary.MAGIC);
    float n = m - Elementary.MAGIC;
    float r = fma(h, -0.5f, n * -Elementary.LN2_HIGH);
    r = fma(n, -Elementary.LN2_LOW, r);
    r = fma(low, -0.5f, r);
    float p = Elementary.expm1Polynomial(r);
    float s = Elementary.power(m, 32);
    float e = fma(p, s, s);
    float a = fma(t, 0.0050004944f, 0.046483386f);
    a = fma(a, t, 0.20039544f);
    a = fma(a, t, 0.4611237f);
    a = fma(a, h, 0.5f * t);
    float q = fma(t, 0.012497667f, 0.117379405f);
    q = fma(q, t, 0.46681657f);
    float v = a / (fma(a, 2.5066326f, q * t) + 1);
    return fma(e * v, -1 / BIG, x > 0 ? x : 0);
  }

  /** x − tanh(x); 3.24 ulp. */
  static float tanhShrink(float x) {
    int bits = Float.floatToRawIntBits(x);
    float a = Float.intBitsToFloat(bits & 0x7fffffff);
    float c = a > 20 ? 20 : a;
    float m = fma(c, Elementary.LOG2E_TWICE, Elementary.MAGIC);
    float r = fma(m - Elementary.MAGIC, -Elementary.HALF_LN2, c);
    // expm1(2r): multiples by powers of two, which are exact.
    float p = fma(r, 64 * Elementary.E6, 32 * Elementary.E5);
    p = fma(p, r, 16 * Elementary.E4);
    p = fma(p, r, 8 * Elementary.E3);
    p = fma(p, r, 4 * Elementary.E2);
    p = fma(p, r * r, r + r);
    float s = Elementary.power(m, 0);
    float large = (a - 1) + 2 / fma(p, s, s + 1);
    float u = c * c;
    float q = fma(u, -0.000206125711f, 0.00115088478f);
    q = fma(q, u, -0.00352914329f);
    q = fma(q, u, 0.00892597996f);
    q = fma(q, u, -0.0219132286f);
    q = fma(q, u, 0.053978242f);
    q = fma(q, u, -0.133334115f);
    q = fma(q, u, 0.333333343f);
    float y = a > 1 ? large : q * u * c;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | (bits & 0x80000000));
  }

  /** x / (1 + |x|), ±1 at infinity; 1.50 ulp. */
  static float softsign(float x) {
    int bits = Float.floatToRawIntBits(x);
    float a = Float.intBitsToFloat(bits & 0x7fffffff);
    a = a > 0x1p30f ? 0x1p30f : a;
    float y = a / (a + 1);
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | (bits & 0x80000000));
  }

  /** (x + √(x² + 4)) / 2; below 0 as 1 over its value at −x, which loses nothing; 2.75 ulp. */
  static float squareplus(float x) {
    float a = Math.abs(x);
    float root = (float) Math.sqrt(fma(a, a, 4));
    root = a > 0x1p60f ? a : root;
    float v = fma(a, 0.5f, 0.5f * root);
    return x > 0 ? v : 1 / v;
  }

  /**
   * Returns the logistic sigmoid; see {@link Elementary#sigmoid}.
   *
   * @param x any float
   * @return within 1.72 ulp
   */
  public static float sigmoid(float x) {
    return Elementary.sigmoid(x);
  }

  /**
   * Returns the hyperbolic tangent; see {@link Elementary#tanh}.
   *
   * @param x any float
   * @return within 1.77 ulp
   */
  public static float tanh(float x) {
    return Elementary.tanh(x);
  }

  /**
   * The largest of some values.
   *
   * @param z values
   * @param at first of them
   * @param n their number, at least 1
   * @return the maximum, NaN if one is NaN
   */
  public static float max(float[] z, int at, int n) {
    float max = z[at];
    for (int j = at + 1; j < at + n; j++) {
      max = Math.max(max, z[j]);
    }
    return max;
  }

  /**
   * The logarithm of a sum of exponentials beside the largest exponent and, where wanted, the softmax. Beside, because
   * their sum would round a small logarithm to the precision of a large exponent.
   *
   * @param k the kernels of this call
   * @param z exponents
   * @param at first of them
   * @param n their number
   * @param max their {@link #max}
   * @param softmax receives the exponentials divided by their sum, or null; nothing behind them is touched
   * @param to first element written
   * @return {@code log(sum(exp(z - max)))}
   */
  public static float logSumExp(Kernels k, float[] z, int at, int n, float max, float[] softmax, int to) {
    if (softmax == null) {
      float sum = 0;
      for (int partial = 0; partial < Sum.PARTIALS; partial++) {
        float one = 0;
        for (int j = at + partial; j < at + n; j += Sum.PARTIALS) {
          one += Elementary.exp(z[j] - max);
        }
        sum += one;
      }
      return log(sum);
    }
    for (int j = 0; j < n; j++) {
      softmax[to + j] = z[at + j] - max;
    }
    int vectors = n - n % KernelChoice.lanes();
    k.exp(softmax, to, vectors);
    for (int j = to + vectors; j < to + n; j++) {
      softmax[j] = Elementary.exp(softmax[j]);
    }
    float sum = Sum.of(softmax, to, n);
    for (int j = to; j < to + n; j++) {
      softmax[j] /= sum;
    }
    return log(sum);
  }
}
