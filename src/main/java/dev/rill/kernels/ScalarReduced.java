package dev.rill.kernels;

/** What the scalar kernels for {@link ReducedWeights} have in common: the way over panels and rows, four chains at a time. */
abstract class ScalarReduced extends ScalarKernels {
  /** Vectors of every width have a multiple of so many lanes. */
  private static final int CHAINS = 4;

  @Override
  public final void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    ReducedWeights weights = (ReducedWeights) w;
    weights.begin(rows, start, out);
    if (x != null) {
      part(weights.kernel, rows, x, out);
    }
    if (h != null) {
      part(weights.recurrent, rows, h, out);
    }
  }

  private void part(ReducedWeights.Part p, int rows, Rows in, Rows out) {
    final int lanes = KernelChoice.lanes();
    final int width = p.vectors * lanes;
    for (int row = 0; row < rows; row++) {
      final int x = in.at + row * in.stride;
      int at = p.base;
      int to = out.at + row * out.stride + p.first * lanes;
      for (int panel = 0; panel < p.wide; panel++, at += p.panelStride, to += 4 * lanes) {
        for (int j = 0; j < width; j += CHAINS) {
          four(p, panel * width + j, at + j, width, in.data, x, out.data, to + j);
        }
      }
      for (int j = 0; j < p.narrow * lanes; j += CHAINS) {
        four(p, p.wide * width + j, at + j, lanes, in.data, x, out.data, to + j);
      }
    }
  }

  /**
   * Four neighbouring chains over all inputs of a part.
   *
   * @param column the first chain's column of the part
   * @param at its first word
   * @param width words from one row of words to the next
   */
  abstract void four(ReducedWeights.Part p, int column, int at, int width, float[] in, int x, float[] out, int to);
}
