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
       * Products of four rows, which are read where they lie: copies do not pay for so few. Where rows are fewer, from
       * {@code row} to {@code last}, the last is there again.
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

  private static final String WIDE = """
      /** $what from {@code first} to before {@code panels}, whose sums have begun. */
      static void $name(PackedWeights w, int first, int panels, int row, int last, Rows x, Rows h, Rows out) {
        @between
          final int $index = Math.min(row + $r, last);
        $operands
        // Place 1 of what is absent: see VectorRow.
        @row
          final int x$r = x == null ? 1 : x.at + $index * x.stride;
          final int h$r = h == null ? 1 : h.at + $index * h.stride;
        final int stride = w.panelStride();
        final int skipped = x == null ? w.inputs * $width : 0;
        int at = w.base + first * stride;
        int o = out.at + first * $panel;
        for (int panel = first; panel < panels; panel++) {
          $sums
          at += stride;
          o += $panel;
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
        final int at = w.base + w.wide * w.panelStride();
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
    return new Template(CLASS).value("wide", wide("tile4x4", "Wide panels", Tile.PANEL))
        .value("gru", wide("tile4x4Gru", "Panels of a GRU", Tile.GRU_ROW)).value("narrow", narrow()).fill();
  }

  private static String wide(String name, String what, int width) {
    List<Map<String, String>> rows = items(4, r -> {
      String index = r == 0 ? "row" : r == 3 ? "last" : "row" + r;
      return Map.of("r", "" + r, "index", index, "outrow", " + " + index + " * out.stride");
    });
    return new Template(WIDE).value("name", name).value("what", what).value("operands", Tile.OPERANDS)
        .value("width", times(width, "L")).value("panel", times(Tile.PANEL, "L"))
        .list("row", rows).list("between", rows.subList(1, 3))
        .value("sums", new Tile(rows, 1, Tile.PANEL, width).sums()).fill();
  }

  private static String narrow() {
    List<Map<String, String>> rows = items(4, r -> Map.of("r", "" + r, "startrow", plus(r, "startStride"),
        "outrow", plus(r, "out.stride")));
    return new Template(NARROW).value("operands", Tile.OPERANDS).value("panel", times(Tile.PANEL, "L"))
        .list("further", rows.subList(1, 4)).value("four", new Tile(rows, 1, 1, 1).sums())
        .value("one", new Tile(Tile.ONE_ROW, 1, 1, 1).sums()).fill();
  }
}
