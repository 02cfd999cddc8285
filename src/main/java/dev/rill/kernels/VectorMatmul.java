package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#matmul} of float32 weights: which rows go in which tiles.
 *
 * <p>One row goes by itself. Of several, most go in tall tiles, six rows by the four vectors of a wide panel, or eight rows by
 * the three that a row of a GRU's weights updates; what is then left over goes in tiles of four rows. Inputs of tall tiles are
 * copied, a block of weights' rows at a time. A tile goes on where the block before it has left its accumulators: storing them
 * in between changes no bit.
 */
final class VectorMatmul {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();
  private static final int BLOCK = PackedWeights.BLOCK;
  /** Rows copied at a time: together they stay in the first-level cache, and are a number of tiles. */
  private static final int COPIED_ROWS = Rows.COPIES / BLOCK - 1;

  private VectorMatmul() {}

  /** See {@link Kernels#matmul}. */
  static void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    if (rows > 1) {
      severalRows(w, rows, start, x, h, out);
    } else if (w.form == PackedWeights.Form.GRU) {
      VectorRow.wideGru(w, start, x, h, out);
    } else {
      VectorRow.wide(w, start, x, h, out);
    }
    if (w.narrow > 0 && rows > 1) {
      VectorTiles.narrow(w, rows, start, x, h, out);
    } else if (w.narrow > 0) {
      VectorRow.narrow(w, start, x, h, out);
    }
  }

  /** All wide panels. A group of them stays in the cache while blocks of rows pass over. */
  private static void severalRows(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    if (out.copies == null) {
      out.copies = new float[Rows.COPIES];
    }
    final boolean gru = w.form == PackedWeights.Form.GRU;
    final int tall = gru ? Math.min(rows, rows + 3 & -8) : inSixes(rows);
    final int begin = x == null ? w.inputs : 0;
    final int last = h == null ? w.inputs : w.inputs + w.hidden;
    if (gru && !(start != null && start.data == out.data && start.at == out.at)) {
      begin(w, tall, start, out, begin == last || x != null ? 3 : 0);
    }
    for (int panel = 0; panel < w.wide; panel += w.residentPanels) {
      final int end = Math.min(panel + w.residentPanels, w.wide);
      if (!gru) {
        chains(w, panel, end, begin, last, 0, tall, start, x, h, out);
      } else {
        if (x != null || h == null) {
          chains(w, panel, end, begin, w.inputs, 0, tall, start, x, h, out);
        }
        if (h != null) {
          chains(w, panel, end, w.inputs, last, L, tall, x == null ? start : out, x, h, out);
        }
      }
      for (int row = tall; row < rows; row += 4) {
        if (gru) {
          VectorTiles.tile4x4Gru(w, panel, end, row, Math.min(row + 3, rows - 1), start, x, h, out);
        } else {
          VectorTiles.tile4x4(w, panel, end, row, Math.min(row + 3, rows - 1), start, x, h, out);
        }
      }
    }
  }

  /** How many of some rows go in sixes, so that the others go in as few fours as can be: two, one or none. */
  private static int inSixes(int rows) {
    final int even = rows + 1 & -2;
    return Math.min(rows, Math.max(0, even - (6 - even % 6) % 6 * 2));
  }

  /** Starts the one vector of each panel of a GRU that the first of its loops leaves alone. */
  private static void begin(PackedWeights w, int rows, Rows start, Rows out, int vector) {
    final float[] from = start == null ? w.data : start.data;
    final int startPanel = start == null ? w.panelStride() : 4 * L;
    final int startRow = start == null ? 0 : start.stride;
    int s = (start == null ? w.base : start.at) + vector * L;
    int o = out.at + vector * L;
    for (int row = 0; row < rows; row++, s += startRow, o += out.stride) {
      for (int panel = 0; panel < w.wide; panel++) {
        FloatVector.fromArray(S, from, s + panel * startPanel).intoArray(out.data, o + panel * 4 * L);
      }
    }
  }

  /**
   * Carries the chains of some panels over the weights' rows from {@code begin} to {@code last}, which are the inputs and then
   * the recurrent inputs: one chain across both where they update the same vectors, those from {@code shift} on.
   */
  private static void chains(PackedWeights w, int first, int end, int begin, int last, int shift, int rows, Rows start, Rows x,
      Rows h, Rows out) {
    final int height = w.form == PackedWeights.Form.GRU ? 8 : 6;
    final int blocks = Math.max(1, (last - begin + w.blockInputs - 1) / w.blockInputs);
    final int block = (last - begin + blocks - 1) / blocks;
    // What is absent is not copied; compiled code that has asked for it before the loop would be thrown away.
    final Rows inputs = x == null ? out : x;
    final Rows hidden = h == null ? out : h;
    for (int i = 0, k = begin; i < blocks; i++, k += block) {
      final int count = Math.min(block, last - k);
      final Rows from = i == 0 ? start : out;
      for (int r = 0; r < rows; r += COPIED_ROWS) {
        final int some = Math.min(COPIED_ROWS, rows - r);
        for (int row = 0; row < some; row++) {
          copy(w.inputs, k, count, inputs, hidden, r + row, out.copies, (row + 1) * BLOCK);
        }
        // What completes the last tile repeats its last row.
        for (int row = some; row % height != 0; row++) {
          System.arraycopy(out.copies, some * BLOCK, out.copies, (row + 1) * BLOCK, count);
        }
        for (int panel = first; panel < end; panel++) {
          final int at = w.base + panel * w.panelStride();
          final int column = panel * 4 * L + shift;
          final int s = from == null ? at + shift : from.at + r * from.stride + column;
          tiles(w, height, at + 4 * L + k * w.rowStride(), count, some, from == null ? w.data : from.data, s,
              from == null ? 0 : from.stride, out, out.at + r * out.stride + column);
        }
      }
    }
  }

  /** Copies a block of one row's inputs and recurrent inputs, which lie behind each other only here. */
  private static void copy(int inputs, int k, int count, Rows x, Rows h, int row, float[] copies, int to) {
    final int some = Math.max(0, Math.min(count, inputs - k));
    if (some > 0) {
      System.arraycopy(x.data, x.at + row * x.stride + k, copies, to, some);
    }
    if (count > some) {
      System.arraycopy(h.data, h.at + row * h.stride + k + some - inputs, copies, to + some, count - some);
    }
  }

  /** Some rows of one panel, in tall tiles. */
  private static void tiles(PackedWeights w, int height, int at, int count, int rows, float[] from, int s, int startStride,
      Rows out, int o) {
    for (int row = 0; row < rows; row += height) {
      final int last = Math.min(height, rows - row) - 1;
      final int start = s + row * startStride;
      final int to = o + row * out.stride;
      if (w.form == PackedWeights.Form.GRU) {
        VectorCopiedTiles.tile8x3(w.data, at, out.copies, row * BLOCK, count, last, from, start, startStride, out.data, to,
            out.stride);
      } else {
        VectorCopiedTiles.tile6x4(w.data, at, out.copies, row * BLOCK, count, last, from, start, startStride, out.data, to,
            out.stride);
      }
    }
  }
}
