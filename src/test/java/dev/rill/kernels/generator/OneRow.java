package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;
import static dev.rill.kernels.generator.Template.plus;
import static dev.rill.kernels.generator.Template.times;

import java.util.Map;

/** Products of one row of float32 inputs. */
final class OneRow {
  private static final String CLASS = """
      /**
       * Products of one row, whose sums stay in registers; {@link VectorMatmul} has what is for several.
       *
       * <p>One row moves at the speed at which weights are loaded; it takes two panels at once, or both chains of one, which are eight
       * vectors, to hide the latency of a multiply-add. The row is read where it lies. The input comes first, the weight second: only
       * so does the compiler make the load a part of the multiply-add.
       *
       * <p>Operands that are absent begin at place 1: the compiler checks a loop's last place ahead of all loops, that of no
       * trips too, and were it -1, the compiled code would be thrown away.
       */
      final class VectorRow {
        private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
        private static final int L = S.length();

        private VectorRow() {}

        $wide

        $gru

        $sidebyside

        $sidebysidegru

        $narrow
      }
      """;

  private static final String WIDE = """
      /** All wide panels: two at once, then the odd one. */
      static void $name(PackedWeights w, Rows start, Rows x, Rows h, Rows out) {
        $operands
        final float[] from = start == null ? weights : start.data;
        final int x0 = x == null ? 1 : x.at;
        final int h0 = h == null ? 1 : h.at;
        final int stride = w.panelStride;
        final int skipped = x == null ? w.inputs * $width : 0;
        final int startPanel = start == null ? stride : $panel;
        final int first = start == null ? w.base : start.at;
        final boolean backwards = out.turn();
        final int pairs = w.wide / 2;
        for (int i = 0; i < pairs; i++) {
          final int panel = 2 * (backwards ? pairs - 1 - i : i);
          $places
          $two
        }
        if (2 * pairs < w.wide) {
          final int panel = 2 * pairs;
          $places
          $one
        }
      }
      """;

  /** Where a panel's weights, starting values and results lie. */
  private static final String PLACES = """
      final int at = w.base + panel * stride;
      final int s = first + panel * startPanel;
      final int o = out.at + panel * $panel;
      """;

  /**
   * Weights w, which begin at q behind the starting values at s, inputs x, recurrent inputs h. The stride of rows is no constant to the
   * compiler: from one it would check each vector's first and last place ahead of the loop, which takes longer than the trips do here.
   */
  private static final String OPERANDS = """
      final float[] weights = w.data;
      final float[] xs = x.data;
      final float[] hs = h.data;
      final int inputs = w.inputs;
      final int hidden = w.hidden;
      final int xAt = x.at;
      final int hAt = h.at;
      final int s = $base;
      final int rowStride = w.rowStride;
      int q = s + $panel;
      """;

  /** The chains of one panel side by side. */
  private static final String CHAINS = """
      $operands
      final int both = Math.min(inputs, hidden);
      int u = q + inputs * rowStride;
      @inputs
        FloatVector x$v = FloatVector.zero(S);
      @recurrent
        FloatVector h$v = FloatVector.zero(S);
      for (int k = 0; k < both; k++, q += rowStride, u += rowStride) {
        final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
        final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
        @inputs
          x$v = in.fma(FloatVector.fromArray(S, weights, q$vector), x$v);
        @recurrent
          h$v = re.fma(FloatVector.fromArray(S, weights, u$vector), h$v);
      }
      for (int k = both; k < inputs; k++, q += rowStride) {
        final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
        @inputs
          x$v = in.fma(FloatVector.fromArray(S, weights, q$vector), x$v);
      }
      for (int k = both; k < hidden; k++, u += rowStride) {
        final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
        @recurrent
          h$v = re.fma(FloatVector.fromArray(S, weights, u$vector), h$v);
      }
      """;

  /** The same for two panels, one operand after the other, as eight chains at a time are enough; with sums in s$v, panel by panel. */
  private static final String TWO = """
      $operands
      final int stride = w.panelStride;
      final int t = s + stride;
      int u = q + stride;
      @inputs
        FloatVector x$v = FloatVector.zero(S);
      for (int k = 0; k < inputs; k++, q += rowStride, u += rowStride) {
        final FloatVector in = FloatVector.broadcast(S, xs[xAt + k]);
        @inputs
          x$v = in.fma(FloatVector.fromArray(S, weights, $place), x$v);
      }
      @recurrent
        FloatVector h$v = FloatVector.zero(S);
      for (int k = 0; k < hidden; k++, q += rowStride, u += rowStride) {
        final FloatVector re = FloatVector.broadcast(S, hs[hAt + k]);
        @recurrent
          h$v = re.fma(FloatVector.fromArray(S, weights, $place), h$v);
      }
      final float[] zs = z.data;
      final int zAt = z.at;
      @sum
        final FloatVector s$v = $value;
        s$v.intoArray(zs, zAt$vector);
      """;

  private static final String SIDE_BY_SIDE = """
      /** All wide panels, one by one, where {@link PackedWeights#sideBySide}. */
      static void $name(PackedWeights w, Rows x, Rows h, Rows out) {
        final boolean backwards = out.turn();
        for (int i = 0; i < w.wide; i++) {
          $panelname(w, backwards ? w.wide - 1 - i : i, x, h, out);
        }
      }

      private static void $panelname(PackedWeights w, int panel, Rows x, Rows h, Rows out) {
        $chains
        final float[] to = out.data;
        final int o = out.at + panel * $panel;
        @sum
          $starts.intoArray(to, o$vector);
      }
      """;

  private static final String NARROW = """
      /** The narrow panel behind the wide ones. */
      static void narrow(PackedWeights w, Rows start, Rows x, Rows h, Rows out) {
        $operands
        final float[] from = start == null ? weights : start.data;
        final int x0 = x == null ? 1 : x.at;
        final int h0 = h == null ? 1 : h.at;
        final int skipped = x == null ? w.inputs * L : 0;
        final int at = w.base + w.wide * w.panelStride;
        final int s = start == null ? at : start.at + w.wide * $panel;
        final int o = out.at + w.wide * $panel;
        $one
      }
      """;

  private OneRow() {}

  static String source() {
    return new Template(CLASS).value("wide", wide("wide", Tile.PANEL)).value("gru", wide("wideGru", Tile.GRU_ROW))
        .value("sidebyside", sideBySide("sideBySide", "panel", Tile.PANEL))
        .value("sidebysidegru", sideBySide("sideBySideGru", "panelGru", Tile.GRU_ROW))
        .value("narrow", new Template(NARROW).value("operands", Tile.OPERANDS).value("panel", times(Tile.PANEL, "L"))
            .value("one", new Tile(Tile.ONE_ROW, 1, 1, 1).sums()).fill()).fill();
  }

  private static String wide(String name, int width) {
    return new Template(WIDE).value("name", name).value("operands", Tile.OPERANDS).value("width", times(width, "L"))
        .value("panel", times(Tile.PANEL, "L")).value("places", PLACES)
        .value("two", new Tile(Tile.ONE_ROW, 2, Tile.PANEL, width).sums())
        .value("one", new Tile(Tile.ONE_ROW, 1, Tile.PANEL, width).sums()).fill();
  }

  private static String sideBySide(String name, String panelName, int width) {
    return new Template(SIDE_BY_SIDE).value("name", name).value("panelname", panelName).value("panel", times(Tile.PANEL, "L"))
        .value("chains", chains(CHAINS, 1, width).value("base", "w.base + panel * w.panelStride").fill())
        .list("sum", items(Tile.PANEL, v -> Map.of("vector", plus(v, "L"), "starts", sum(width, v)))).fill();
  }

  /** The chains of the only panel of a row. */
  static String chains(int width) {
    return chains(CHAINS, 1, width).value("base", "w.base").fill();
  }

  /** The chains of the two panels of a row, and their sums, which become the row of z, too. */
  static String two(int width) {
    return chains(TWO, 2, width).value("base", "w.base")
        .list("sum", items(2 * Tile.PANEL, v -> Map.of("v", "" + v, "vector", plus(v, "L"), "value", sum(width, v)))).fill();
  }

  private static Template chains(String text, int panels, int width) {
    Tile tile = new Tile(Tile.ONE_ROW, panels, Tile.PANEL, width);
    return new Template(text).value("operands", OPERANDS).value("panel", times(Tile.PANEL, "L"))
        .list("inputs", tile.updated(0)).list("recurrent", tile.updated(Tile.PANEL - width));
  }

  /** What they come to, with the starting value. Inputs update the first vectors of a panel, recurrent inputs the last. */
  static String sum(int width, int vector) {
    int within = vector % Tile.PANEL;
    return "FloatVector.fromArray(S, weights, " + (vector < Tile.PANEL ? "s" : "t") + plus(within, "L") + ")"
        + (within < width ? ".add(x" + vector + ")" : "") + (within >= Tile.PANEL - width ? ".add(h" + vector + ")" : "");
  }
}
