package dev.rill.kernels;

import static dev.rill.kernels.Fma.fma;

/** {@link Kernels#lstmBackward} in plain Java: the whole of it, and what whole vectors leave over. */
final class LstmGradient {
  private LstmGradient() {}

  /** Units {@code from} to {@code units}. */
  static void apply(int from, int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh, float[] dc,
      int dAt) {
    for (int j = from; j < units; j++) {
      final float i = z[at + j];
      final float f = z[at + units + j];
      final float g = z[at + 2 * units + j];
      final float o = z[at + 3 * units + j];
      final float y = out[outAt + j];
      final float d = dh[dAt + j];
      final float e = dc[dAt + j] + d * o * fma(-y, y, 1);
      z[at + j] = e * g * (i * (1 - i));
      z[at + units + j] = e * old[oldAt + j] * (f * (1 - f));
      z[at + 2 * units + j] = e * i * fma(-g, g, 1);
      z[at + 3 * units + j] = d * y * (o * (1 - o));
      dc[dAt + j] = e * f;
      dh[dAt + j] = 0;
    }
  }
}
