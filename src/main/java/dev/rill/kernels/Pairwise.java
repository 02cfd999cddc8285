package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/** What training does to stretches of equal length, element by element: {@code to} from {@code a}, {@code b} and itself. */
public enum Pairwise {
  /** {@code a . b}. */
  TIMES,
  /** {@code a + b}. */
  PLUS,
  /** {@code a - b}. */
  MINUS,
  /** {@code to + a . b}, rounded once. */
  PLUS_TIMES,
  /** {@code (1 - a) . b}. */
  COMPLEMENT_TIMES,
  /** The gradient {@code a} by the derivative of the sigmoid whose result is {@code b}. */
  SIGMOID_GRADIENT,
  /** The gradient {@code a} by the derivative of the hyperbolic tangent whose result is {@code b}. */
  TANH_GRADIENT;

  /** Carries out elements {@code from} to {@code n}; {@code to} may be {@code a} or {@code b}. */
  void apply(int from, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {
    switch (this) {
      case TIMES -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = a[aAt + j] * b[bAt + j];
        }
      }
      case PLUS -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = a[aAt + j] + b[bAt + j];
        }
      }
      case MINUS -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = a[aAt + j] - b[bAt + j];
        }
      }
      case PLUS_TIMES -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = fma(a[aAt + j], b[bAt + j], to[toAt + j]);
        }
      }
      case COMPLEMENT_TIMES -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = (1 - a[aAt + j]) * b[bAt + j];
        }
      }
      case SIGMOID_GRADIENT -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = a[aAt + j] * (b[bAt + j] * (1 - b[bAt + j]));
        }
      }
      case TANH_GRADIENT -> {
        for (int j = from; j < n; j++) {
          to[toAt + j] = a[aAt + j] * fma(-b[bAt + j], b[bAt + j], 1);
        }
      }
      default -> throw new IllegalStateException(name());
    }
  }
}
