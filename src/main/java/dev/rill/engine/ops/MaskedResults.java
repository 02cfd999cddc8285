package dev.rill.engine.ops;

/** Results, and for each of their steps 1 where it counts, else 0. */
final class MaskedResults {
  final float[] out;
  final float[] mask;

  MaskedResults(int cells, int width, boolean masks) {
    out = new float[Math.multiplyExact(cells, width)];
    mask = new float[masks ? cells : 0];
  }
}
