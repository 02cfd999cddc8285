package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/**
 * Activation functions over stretches of an array, to the same bits on every carrier.
 *
 * <p>Those a recurrent cell spends its time in (sigmoid, tanh, exp) have a SIMD form behind the seam; the others
 * are written once, in loops that both carriers share.
 */
public enum Function {
  /** {@code x}. */
  LINEAR {
    @Override
    public void apply(Carrier k, float[] a, int at, int n) {}
  },
  /** {@code 1 / (1 + e^-x)}. */
  SIGMOID {
    @Override
    public void apply(Carrier k, float[] a, int at, int n) {
      k.sigmoid(a, at, n);
    }
  },
  /** Hyperbolic tangent. */
  TANH {
    @Override
    public void apply(Carrier k, float[] a, int at, int n) {
      k.tanh(a, at, n);
    }
  },
  /** {@code e^x}. */
  EXPONENTIAL {
    @Override
    public void apply(Carrier k, float[] a, int at, int n) {
      k.exp(a, at, n);
    }
  },
  /** {@code max(x, 0)}. */
  RELU {
    @Override
    float of(float x) {
      // Not Math.max: NaN must stay NaN, and −0 becomes +0 in one carrier as in the other.
      return x <= 0 ? 0 : x;
    }
  },
  /** {@code x} below 0 by 0.2. */
  LEAKY_RELU {
    @Override
    float of(float x) {
      return x < 0 ? 0.2f * x : x;
    }
  },
  /** {@code min(max(x, 0), 6)}. */
  RELU6 {
    @Override
    float of(float x) {
      return x <= 0 ? 0 : x > 6 ? 6 : x;
    }
  },
  /** {@code x > 0 ? x : e^x - 1}. */
  ELU {
    @Override
    float of(float x) {
      return x > 0 ? x : Elementary.expm1(x);
    }
  },
  /** {@code s x} above 0, {@code s a (e^x - 1)} below, with Klambauer's s and a. */
  SELU {
    @Override
    float of(float x) {
      return x > 0 ? 1.05070098f * x : 1.05070098f * 1.67326324f * Elementary.expm1(x);
    }
  },
  /** The same as {@link #ELU} at Keras' default alpha of 1. */
  CELU {
    @Override
    float of(float x) {
      return ELU.of(x);
    }
  },
  /** {@code log(1 + e^x)}. */
  SOFTPLUS {
    @Override
    float of(float x) {
      return Elementary.softplus(x);
    }
  },
  /** {@code x / (1 + |x|)}. */
  SOFTSIGN {
    @Override
    float of(float x) {
      return Math.abs(x) == Float.POSITIVE_INFINITY ? Math.signum(x) : x / (1 + Math.abs(x));
    }
  },
  /** {@code (x + sqrt(x^2 + 4)) / 2}. */
  SQUAREPLUS {
    @Override
    float of(float x) {
      return Elementary.squareplus(x);
    }
  },
  /** {@code x} less 0.5 beyond ±0.5, else 0. */
  SOFT_SHRINK {
    @Override
    float of(float x) {
      return x > 0.5f ? x - 0.5f : x < -0.5f ? x + 0.5f : 0 * x;
    }
  },
  /** {@code x} beyond ±0.5, else 0. */
  HARD_SHRINK {
    @Override
    float of(float x) {
      return Math.abs(x) <= 0.5f ? 0 : x;
    }
  },
  /** {@code x - tanh(x)}. */
  TANH_SHRINK {
    @Override
    float of(float x) {
      return Elementary.tanhShrink(x);
    }
  },
  /** 0 up to −1, {@code x} from 1, {@code (x + 1)^2 / 4} between. */
  SPARSE_PLUS {
    @Override
    float of(float x) {
      return x <= -1 ? 0 : x >= 1 ? x : 0.25f * (x + 1) * (x + 1);
    }
  },
  /** 0 up to −1, 1 from 1, {@code (x + 1) / 2} between. */
  SPARSE_SIGMOID {
    @Override
    float of(float x) {
      return x <= -1 ? 0 : x >= 1 ? 1 : 0.5f * (x + 1);
    }
  },
  /** {@code x sigmoid(x)}. */
  SILU {
    @Override
    float of(float x) {
      // At minus infinity the product would be NaN.
      return x == Float.NEGATIVE_INFINITY ? -0f : x * Elementary.sigmoid(x);
    }
  },
  /** {@code x} by the normal distribution's function, exactly, as Keras' default. */
  GELU {
    @Override
    float of(float x) {
      return Elementary.gelu(x);
    }
  },
  /** {@code min(max(x / 6 + 0.5, 0), 1)}, as in Keras 3; Keras 2 had a slope of 0.2. */
  HARD_SIGMOID {
    @Override
    float of(float x) {
      return x <= -3 ? 0 : x >= 3 ? 1 : fma(x, 1 / 6f, 0.5f);
    }
  },
  /** {@code x hard_sigmoid(x)}. */
  HARD_SILU {
    @Override
    float of(float x) {
      return x <= -3 ? 0 : x * HARD_SIGMOID.of(x);
    }
  },
  /** {@code min(max(x, -1), 1)}. */
  HARD_TANH {
    @Override
    float of(float x) {
      return x < -1 ? -1 : x > 1 ? 1 : x;
    }
  },
  /** {@code x tanh(softplus(x))}. */
  MISH {
    @Override
    float of(float x) {
      return Elementary.mish(x);
    }
  },
  /** {@code -softplus(-x)}. */
  LOG_SIGMOID {
    @Override
    float of(float x) {
      return -Elementary.softplus(-x);
    }
  },
  /** {@code e^x} over its sum along the row. */
  SOFTMAX {
    @Override
    public void apply(Carrier k, float[] a, int at, int n) {
      subtract(a, at, n, max(a, at, n));
      k.exp(a, at, n);
      float sum = Sum.of(a, at, n);
      for (int j = at; j < at + n; j++) {
        a[j] /= sum;
      }
    }
  },
  /** The logarithm of {@link #SOFTMAX}. */
  LOG_SOFTMAX {
    @Override
    public void apply(Carrier k, float[] a, int at, int n) {
      subtract(a, at, n, max(a, at, n));
      subtract(a, at, n, Elementary.log(Sum.ofExp(a, at, n)));
    }
  };

  /**
   * Replaces a stretch by its activation.
   *
   * @param k the carrier of this call
   * @param a the array
   * @param at first element
   * @param n number of elements; up to {@link Kernels#PADDING} − 1 more may be overwritten
   */
  public void apply(Carrier k, float[] a, int at, int n) {
    for (int j = at; j < at + n; j++) {
      a[j] = of(a[j]);
    }
  }

  float of(float x) {
    throw new IllegalStateException(this + " is no function of one element");
  }

  /**
   * Whether a result depends on the whole row rather than on its own element.
   *
   * @return true for softmax and its logarithm
   */
  public boolean rowWise() {
    return this == SOFTMAX || this == LOG_SOFTMAX;
  }

  private static float max(float[] a, int at, int n) {
    float max = a[at];
    for (int j = at + 1; j < at + n; j++) {
      max = Math.max(max, a[j]);
    }
    return max;
  }

  private static void subtract(float[] a, int at, int n, float value) {
    for (int j = at; j < at + n; j++) {
      a[j] -= value;
    }
  }
}
