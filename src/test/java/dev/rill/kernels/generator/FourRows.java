package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;
import static dev.rill.kernels.generator.Template.plus;
import static dev.rill.kernels.generator.Template.times;

import java.util.List;
import java.util.Map;

/** Products of four rows of float32 inputs, where they lie. */
final class FourRows {
  private static final String CLASS = """
      /**
       * Products of up to four rows, which are read where they lie: copies do not pay for so few. Where rows are fewer, up to
       * {@code last}, the last is there again.
       */
      final class VectorTiles {
        private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
        private static final int L = S.length();

        private VectorTiles() {}

        $wide

        $gru

        $narrow
      }
      """;

  /** One part of the sums: both in one method are more than the compiler takes in. */
  private static final String WIDE = """
      /** Adds one part of the sums of a wide panel: that of the kernel or that of the recurrent kernel. */
      static void $name(float[] weights, int at, int count, int last, Rows in, Rows out, int column) {
        final float[] ins = in.data;
        final float[] to = out.data;
        final int o = out.at + column;
        @row
          final int in$rAt = in.at + $index * in.stride;
          final int o$r = o + $index * out.stride;
        int q = at;
        for (int first = 0; first < count; first += Kernels.CHAIN) {
          final int end = Math.min(count, first + Kernels.CHAIN);
          @row
            @updated
              FloatVector a$r$v = FloatVector.zero(S);
          for (int k = first; k < end; k++, q += $width) {
            @updated
              final FloatVector w$v = FloatVector.fromArray(S, weights, q$outvector);
            @row
              final FloatVector in$r = FloatVector.broadcast(S, ins[in$rAt + k]);
              @updated
                a$r$v = w$v.fma(in$r, a$r$v);
          }
          $add
        }
      }
      """;

  private static final String NARROW = """
      /** All rows of the narrow panel behind the wide ones: four at once, then one by one. */
      static void narrow(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
        $operands
        final float[] from = start == null ? weights : start.data;
        final int xStride = x == null ? 0 : x.stride;
        final int hStride = h == null ? 0 : h.stride;
        final int startStride = start == null ? 0 : start.stride;
        final int skipped = x == null ? w.inputs * L : 0;
        final int at = w.base + w.wide * w.panelStride;
        int x0 = x == null ? 1 : x.at;
        int h0 = h == null ? 1 : h.at;
        int s = start == null ? at : start.at + w.wide * $panel;
        int o = out.at + w.wide * $panel;
        int row = 0;
        for (; row + 4 <= rows; row += 4, x0 += 4 * xStride, h0 += 4 * hStride, s += 4 * startStride, o += 4 * out.stride) {
          @further
            final int x$r = x0 + $r * xStride;
            final int h$r = h0 + $r * hStride;
          $four
        }
        for (; row < rows; row++, x0 += xStride, h0 += hStride, s += startStride, o += out.stride) {
          $one
        }
      }
      """;

  private FourRows() {}

  static String source() {
    return new Template(CLASS).value("wide", wide(Tile.PANEL)).value("gru", wide(Tile.GRU_ROW)).value("narrow", narrow()).fill();
  }

  private static String wide(int vectors) {
    List<Map<String, String>> rows = items(4, r -> Map.of("r", "" + r, "outrow", "" + r,
        "index", r == 0 ? "0" : r == 3 ? "last" : "Math.min(" + r + ", last)"));
    return new Template(WIDE).value("name", "tile4x" + vectors).value("width", times(vectors, "L"))
        .list("row", rows).list("updated", new Tile(rows, 1, vectors, vectors).all()).value("add", Tile.ADD).fill();
  }

  private static String narrow() {
    List<Map<String, String>> rows = items(4, r -> Map.of("r", "" + r, "startrow", plus(r, "startStride"),
        "outrow", plus(r, "out.stride")));
    return new Template(NARROW).value("operands", Tile.OPERANDS).value("panel", times(Tile.PANEL, "L"))
        .list("further", rows.subList(1, 4)).value("four", new Tile(rows, 1, 1, 1).sums())
        .value("one", new Tile(Tile.ONE_ROW, 1, 1, 1).sums()).fill();
  }
}
