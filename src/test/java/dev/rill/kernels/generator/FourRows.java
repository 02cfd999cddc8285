package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;
import static dev.rill.kernels.generator.Template.times;

import java.util.List;
import java.util.Map;

/** Products of four rows of float32 inputs, where they lie. */
final class FourRows {
  private static final String CLASS = """
      /**
       * Products of four rows, which are read where they lie: copies do not pay for so few. Where rows are fewer, from {@code row}
       * to {@code last}, the last is there again.
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
      /** $what from {@code first} to before {@code end}. */
      static void $name(PackedWeights w, int first, int end, int row, int last, Rows start, Rows x, Rows h, Rows out) {
        @between
          final int $index = Math.min(row + $r, last);
        $operands
        // Place 1 of what is absent: see VectorRow.
        @row
          final int x$r = x == null ? 1 : x.at + $index * x.stride;
          final int h$r = h == null ? 1 : h.at + $index * h.stride;
        final int stride = w.panelStride();
        final int skipped = x == null ? w.inputs * $width : 0;
        final int startPanel = start == null ? stride : $panel;
        final int startStride = start == null ? 0 : start.stride;
        int at = w.base + first * stride;
        int s = start == null ? at : start.at + first * startPanel;
        int o = out.at + first * $panel;
        for (int panel = first; panel < end; panel++) {
          $chains
          at += stride;
          s += startPanel;
          o += $panel;
        }
      }
      """;

  private static final String NARROW = """
      /** All rows of the narrow panel behind the wide ones. */
      static void $name(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
        $operands
        final int xAt = x == null ? 1 : x.at;
        final int hAt = h == null ? 1 : h.at;
        final int xStride = x == null ? 0 : x.stride;
        final int hStride = h == null ? 0 : h.stride;
        final int skipped = x == null ? w.inputs * L : 0;
        final int startStride = start == null ? 0 : start.stride;
        final int at = w.base + w.wide * w.panelStride();
        final int s = start == null ? at : start.at + w.wide * $panel;
        final int o = out.at + w.wide * $panel;
        for (int row = 0; row < rows; row += 4) {
          final int last = Math.min(row + 3, rows - 1);
          @between
            final int $index = Math.min(row + $r, last);
          @row
            final int x$r = xAt + $index * xStride;
            final int h$r = hAt + $index * hStride;
          $chains
        }
      }
      """;

  private FourRows() {}

  static String source() {
    return new Template(CLASS).value("wide", method(WIDE, "tile4x4", "Wide panels", Tile.PANEL, Tile.PANEL))
        .value("gru", method(WIDE, "tile4x4Gru", "Panels of a GRU", Tile.PANEL, Tile.GRU_ROW))
        .value("narrow", method(NARROW, "tile4x1", "", 1, 1)).fill();
  }

  private static String method(String text, String name, String what, int vectors, int width) {
    List<Map<String, String>> rows = items(4, r -> {
      String index = r == 0 ? "row" : r == 3 ? "last" : "row" + r;
      return Map.of("r", "" + r, "index", index, "startrow", " + " + index + " * startStride",
          "outrow", " + " + index + " * out.stride");
    });
    return new Template(text).value("name", name).value("what", what).value("operands", Tile.OPERANDS)
        .value("width", times(width, "L")).value("panel", times(Tile.PANEL, "L"))
        .list("row", rows).list("between", rows.subList(1, 3))
        .value("chains", new Tile(rows, 1, vectors, width).chains()).fill();
  }
}
