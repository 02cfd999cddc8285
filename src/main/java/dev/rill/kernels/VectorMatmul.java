package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#matmul} of float32 weights: which rows go in which tiles.
 *
 * <p>One row goes by itself. Of several, most go in tall tiles, six rows by the four vectors of a wide panel, or eight rows by
 * the three that a row of a GRU's weights updates; what is then left over goes in tiles of four rows. Inputs of tall tiles are
 * copied, some of the weights' rows at a time, which are a number of whole chains.
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
    for (int panel = 0; panel < w.wide; panel += w.residentPanels) {
      final int end = Math.min(panel + w.residentPanels, w.wide);
      if (!gru) {
        sums(w, panel, end, begin, last, 0, tall, true, start, x, h, out);
      } else {
        if (x != null || h == null) {
          sums(w, panel, end, begin, w.inputs, 0, tall, true, start, x, h, out);
        }
        if (h != null) {
          sums(w, panel, end, w.inputs, last, L, tall, x == null, start, x, h, out);
        }
      }
      begin(w, panel, end, tall, rows - tall, start, out);
      for (int row = tall; row < rows; row += 4) {
        if (gru) {
          VectorTiles.tile4x4Gru(w, panel, end, row, Math.min(row + 3, rows - 1), x, h, out);
        } else {
          VectorTiles.tile4x4(w, panel, end, row, Math.min(row + 3, rows - 1), x, h, out);
        }
      }
    }
  }

  /** How many of some rows go in sixes, so that the others go in as few fours as can be: two, one or none. */
  private static int inSixes(int rows) {
    final int even = rows + 1 & -2;
    return Math.min(rows, Math.max(0, even - (6 - even % 6) % 6 * 2));
  }

  /** Puts the starting values of some panels and rows where their sums will go on, unless they are there. */
  private static void begin(PackedWeights w, int first, int end, int row, int rows, Rows start, Rows out) {
    if (start != null && start.data == out.data && start.at == out.at) {
      return;
    }
    final float[] from = start == null ? w.data : start.data;
    final int panelStride = start == null ? w.panelStride() : 4 * L;
    for (int r = row; r < row + rows; r++) {
      int s = (start == null ? w.base : start.at + r * start.stride) + first * panelStride;
      int o = out.at + r * out.stride + first * 4 * L;
      for (int panel = first; panel < end; panel++, s += panelStride, o += 4 * L) {
        FloatVector.fromArray(S, from, s).intoArray(out.data, o);
        FloatVector.fromArray(S, from, s + L).intoArray(out.data, o + L);
        FloatVector.fromArray(S, from, s + 2 * L).intoArray(out.data, o + 2 * L);
        FloatVector.fromArray(S, from, s + 3 * L).intoArray(out.data, o + 3 * L);
      }
    }
  }

  /**
   * Carries the sums of some panels over the weights' rows from {@code begin} to {@code last}, which are the inputs and then the
   * recurrent inputs: they go together where they update the same vectors, those from {@code shift} on.
   *
   * @param fresh whether the sums are yet to begin
   */
  private static void sums(PackedWeights w, int first, int end, int begin, int last, int shift, int rows, boolean fresh, Rows start,
      Rows x, Rows h, Rows out) {
    final int height = w.form == PackedWeights.Form.GRU ? 8 : 6;
    // What is absent is not copied; compiled code that has asked for it before the loop would be thrown away.
    final Rows inputs = x == null ? out : x;
    final Rows hidden = h == null ? out : h;
    int k = begin;
    do {
      int next = k + w.blockInputs;
      // Chains begin anew with the recurrent inputs, and are not cut.
      next = Math.min(last, k < w.inputs && next > w.inputs ? next - (next - w.inputs) % Kernels.CHAIN : next);
      final int count = next - k;
      final int split = Math.max(0, Math.min(count, w.inputs - k));
      for (int row = 0; row < rows; row += COPIED_ROWS) {
        final int some = Math.min(COPIED_ROWS, rows - row);
        for (int r = 0; r < some; r++) {
          copy(w.inputs, k, count, inputs, hidden, row + r, out.copies, (r + 1) * BLOCK);
        }
        // What completes the last tile repeats its last row.
        for (int r = some; r % height != 0; r++) {
          System.arraycopy(out.copies, some * BLOCK, out.copies, (r + 1) * BLOCK, count);
        }
        if (fresh && k == begin) {
          begin(w, first, end, row, some, start, out);
        }
        for (int panel = first; panel < end; panel++) {
          tiles(w, height, w.base + panel * w.panelStride() + 4 * L + k * w.rowStride(), split, count, some, out,
              out.at + row * out.stride + panel * 4 * L + shift);
        }
      }
      k = next;
    } while (k < last);
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

  /** Some rows of one panel in tall tiles, block by block, so that a block's weights stay in the first-level cache. */
  private static void tiles(PackedWeights w, int height, int at, int split, int count, int rows, Rows out, int o) {
    for (int k = 0, end; k < count; k = end) {
      end = Math.min(k + Kernels.CHAIN, k < split ? split : count);
      for (int row = 0; row < rows; row += height) {
        final int last = Math.min(height, rows - row) - 1;
        final int first = row * BLOCK + k;
        final int to = o + row * out.stride;
        if (height == 8) {
          VectorCopiedTiles.tile8x3(w.data, at + k * 3 * L, out.copies, first, end - k, last, out.data, to, out.stride);
        } else {
          VectorCopiedTiles.tile6x4(w.data, at + k * 4 * L, out.copies, first, end - k, last, out.data, to, out.stride);
        }
      }
    }
  }
}
