package dev.rill.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#matmul} of float32 weights: which rows go in which tiles.
 *
 * <p>One row goes by itself, and so do up to four. Of more, most go in tall tiles, six rows by the four vectors of a wide panel, or
 * by the three that a row of a GRU's weights updates; what is then left over goes in tiles of four rows. Their inputs are copied,
 * some of the weights' rows at a time, which are a number of whole chains.
 *
 * <p>With 16 registers all go in tiles of four rows by two vectors, or three by the three of a GRU.
 */
final class VectorMatmul {
  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
  private static final int L = S.length();
  private static final int BLOCK = PackedWeights.BLOCK;
  /** Rows copied at a time: they stay in the second-level cache beside a panel, and are a number of tiles of either kind. */
  private static final int COPIED_ROWS = 48;
  /** Whether the processor has registers for tall tiles, and for tiles of rows where they lie. */
  private static final boolean TALL = KernelSettings.REGISTERS > 16;
  /** Rows that are read where they lie: copies do not pay for so few. */
  private static final int IN_PLACE = TALL ? 4 : 1;

  private VectorMatmul() {}

  /** See {@link Kernels#matmul}. */
  static void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    if (rows > 1) {
      severalRows(w, rows, start, x, h, out);
    } else if (w.sideBySide && start == null && x != null && h != null) {
      if (w.form == PackedWeights.Form.GRU) {
        VectorRow.sideBySideGru(w, x, h, out);
      } else {
        VectorRow.sideBySide(w, x, h, out);
      }
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

  /** All wide panels. More rows than are copied at a time pass over one group of panels, which stays in the cache, after the other. */
  private static void severalRows(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
    if (out.copies == null && rows > IN_PLACE) {
      out.copies = new float[Rows.COPIES];
    }
    final int group = rows > COPIED_ROWS ? w.residentPanels : w.wide;
    final boolean backwards = out.turn();
    for (int done = 0; done < w.wide; done += group) {
      final int panel = backwards ? Math.max(0, w.wide - done - group) : done;
      final int end = backwards ? w.wide - done : Math.min(done + group, w.wide);
      if (rows <= IN_PLACE) {
        fewRows(w, panel, end, backwards, rows, start, x, h, out);
      } else {
        sums(w, panel, end, backwards, rows, start, x, h, out);
      }
    }
  }

  /** Some panels of up to four rows. */
  private static void fewRows(PackedWeights w, int first, int end, boolean backwards, int rows, Rows start, Rows x, Rows h, Rows out) {
    begin(w, first, end, 0, rows, start, out);
    for (int i = first; i < end; i++) {
      final int panel = backwards ? first + end - 1 - i : i;
      final int at = w.base + panel * w.panelStride + 4 * L;
      final int recurrent = at + w.inputs * w.rowStride;
      if (w.form == PackedWeights.Form.GRU) {
        if (x != null) {
          VectorTiles.tile4x3(w.data, at, w.inputs, rows - 1, x, out, panel * 4 * L);
        }
        if (h != null) {
          VectorTiles.tile4x3(w.data, recurrent, w.hidden, rows - 1, h, out, panel * 4 * L + L);
        }
      } else {
        if (x != null) {
          VectorTiles.tile4x4(w.data, at, w.inputs, rows - 1, x, out, panel * 4 * L);
        }
        if (h != null) {
          VectorTiles.tile4x4(w.data, recurrent, w.hidden, rows - 1, h, out, panel * 4 * L);
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
    final int panelStride = start == null ? w.panelStride : 4 * L;
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

  /** Carries the sums of some panels over the weights' rows, which are those of the inputs and then those of the recurrent inputs. */
  private static void sums(PackedWeights w, int first, int end, boolean backwards, int rows, Rows start, Rows x, Rows h, Rows out) {
    final int begin = x == null ? w.inputs : 0;
    final int last = h == null ? w.inputs : w.inputs + w.hidden;
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
        final int tall = TALL ? inSixes(some) : 0;
        for (int r = 0; r < some; r++) {
          copy(w.inputs, k, count, inputs, hidden, row + r, out.copies, (r + 1) * BLOCK);
        }
        // What completes the last tile repeats its last row.
        for (int r = some; r < some + 3; r++) {
          System.arraycopy(out.copies, some * BLOCK, out.copies, (r + 1) * BLOCK, count);
        }
        if (k == begin) {
          begin(w, first, end, row, some, start, out);
        }
        for (int i = first; i < end; i++) {
          final int panel = backwards ? first + end - 1 - i : i;
          tiles(w, w.base + panel * w.panelStride + 4 * L + k * w.rowStride, split, count, tall, some, out,
              out.at + row * out.stride + panel * 4 * L);
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

  /**
   * Some rows of one panel. A tile goes over all inputs before the next begins: weights that come from beyond the second-level cache
   * then come as one long stream, which the processor fetches ahead.
   */
  private static void tiles(PackedWeights w, int at, int split, int count, int tall, int rows, Rows out, int o) {
    for (int r = 0; r < tall; r += 6) {
      tile(w, at, split, count, 6, r, Math.min(5, tall - 1 - r), out, o + r * out.stride);
    }
    final int few = TALL || w.form != PackedWeights.Form.GRU ? 4 : 3;
    for (int r = tall; r < rows; r += few) {
      tile(w, at, split, count, few, r, Math.min(few, rows - r) - 1, out, o + r * out.stride);
    }
  }

  /**
   * A tile of so many rows, of which {@code last} is the last: chain by chain, and those of inputs end at {@code split}. In a GRU these
   * update the first vectors of a panel, those of recurrent inputs the last.
   */
  private static void tile(PackedWeights w, int at, int split, int count, int height, int row, int last, Rows out, int o) {
    final boolean gru = w.form == PackedWeights.Form.GRU;
    for (int k = 0, end; k < count; k = end) {
      end = Math.min(k + Kernels.CHAIN, k < split ? split : count);
      final int some = end - k;
      final int q = at + k * w.rowStride;
      final int first = row * BLOCK + k;
      final int to = gru && k >= split ? o + L : o;
      if (height == 6 && gru) {
        VectorCopiedTiles.tile6x3(w.data, q, out.copies, first, some, last, out.data, to, out.stride);
      } else if (height == 6) {
        VectorCopiedTiles.tile6x4(w.data, q, out.copies, first, some, last, out.data, to, out.stride);
      } else if (TALL && gru) {
        VectorCopiedTiles.tile4x3(w.data, q, out.copies, first, some, last, out.data, to, out.stride);
      } else if (TALL) {
        VectorCopiedTiles.tile4x4(w.data, q, out.copies, first, some, last, out.data, to, out.stride);
      } else if (gru) {
        VectorCopiedTiles.tile3x3(w.data, q, out.copies, first, some, last, out.data, to, out.stride);
      } else {
        VectorCopiedTiles.tile4x2(w.data, q, out.copies, first, some, last, out.data, to, out.stride);
        VectorCopiedTiles.tile4x2(w.data, q + 2 * L, out.copies, first, some, last, out.data, to + 2 * L, out.stride);
      }
    }
  }
}
