package dev.rill.kernels;

/** What the scalar kernels for {@link ReducedWeights} have in common: the way over panels and rows, four chains at a time. */
abstract class ScalarReduced extends ScalarKernels {
  /** Vectors of every width have a multiple of so many lanes. */
  private static final int ABREAST = 4;

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
        blocks(p, panel * width, at, width, in.data, x, out.data, to);
      }
      if (p.narrow > 0) {
        blocks(p, p.wide * width, at, lanes, in.data, x, out.data, to);
      }
    }
  }

  /** Adds to {@code width} sums their chains over all inputs of a part, block by block. */
  private void blocks(ReducedWeights.Part p, int column, int at, int width, float[] in, int x, float[] out, int to) {
    for (int first = 0, q = at; first < p.count; first += CHAIN, q += CHAIN / p.perWord * width) {
      for (int j = 0; j < width; j += ABREAST) {
        four(p, column + j, q + j, width, Math.min(CHAIN, p.count - first), in, x + first, out, to + j);
      }
    }
  }

  /**
   * Adds to four neighbouring sums the chains of a block.
   *
   * @param column the first one's column of the part
   * @param at its first word
   * @param width words from one row of words to the next
   * @param count inputs of the block
   */
  abstract void four(ReducedWeights.Part p, int column, int at, int width, int count, float[] in, int x, float[] out, int to);
}
