package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;
import static dev.rill.kernels.generator.Template.plus;
import static dev.rill.kernels.generator.Template.times;

import java.util.List;
import java.util.Map;

/**
 * A register tile of a product of float32 weights: rows by vectors of outputs, with an accumulator {@code a$r$v} for each.
 *
 * <p>A tile adds up chains over blocks of inputs: each begins with accumulators of zero and ends by adding them to the sums.
 * Where there are registers for both, the sums stay there, in {@code s$r$v}; otherwise they lie where the results will.
 *
 * @param rows the rows: {@code r}, and how far {@code startrow} and {@code outrow} are from the first
 * @param panels panels side by side, one or two
 * @param vectors vectors of a panel
 * @param width vectors in a row of its weights: inputs update the first of a panel's, recurrent inputs the last
 */
record Tile(List<Map<String, String>> rows, int panels, int vectors, int width) {
  /** Vectors of a wide panel. */
  static final int PANEL = 4;
  /** Vectors in a row of a GRU's weights. */
  static final int GRU_ROW = 3;
  /** One row, which is no distance from the first. */
  static final List<Map<String, String>> ONE_ROW = List.of(Map.of("r", "0", "startrow", "", "outrow", ""));

  /** Of one row a weight is used once, and its load becomes a part of the multiply-add. */
  private static final String MULTIPLY_ONE_ROW = """
      for (; k < end; k++, q += $width) {
        final FloatVector in = FloatVector.broadcast(S, $array[$first0 + k]);
        @secondpanel
          final int u = q + stride;
        @updated
          a0$v = in.fma(FloatVector.fromArray(S, weights, $place), a0$v);
      }
      """;

  private static final String MULTIPLY_ROWS = """
      for (; k < end; k++, q += $width) {
        @updated
          final FloatVector w$w = FloatVector.fromArray(S, weights, $place);
        @row
          final FloatVector in$r = FloatVector.broadcast(S, $array[$first$r + k]);
          @updated
            a$r$v = w$w.fma(in$r, a$r$v);
      }
      """;

  /** Sums in registers. */
  private static final String BLOCKS = """
      for (int k = 0; k < $count; ) {
        final int end = Math.min(k + Kernels.CHAIN, $count);
        @row
          @updated
            FloatVector a$r$v = FloatVector.zero(S);
        $multiply
        @row
          @updated
            s$r$v = s$r$v.add(a$r$v);
      }
      """;

  /** Adds a block to what lies there; every row is loaded before the first is stored, as some may be the same. */
  static final String ADD = """
      @row
        @updated
          a$r$v = a$r$v.add(FloatVector.fromArray(S, to, o$outrow$outvector));
      @row
        @updated
          a$r$v.intoArray(to, o$outrow$outvector);
      """;

  private static final String SUMS = """
      @row
        @vector
          FloatVector s$r$v = FloatVector.fromArray(S, from, s$startrow$startvector);
      int q = at + $head;
      $inputs
      q += skipped;
      $recurrent
      @row
        @vector
          s$r$v.intoArray(to, o$outrow$outvector);
      """;

  /** What a method that carries out {@link #sums()} begins with. */
  static final String OPERANDS = """
      final float[] weights = w.data;
      final float[] xs = x == null ? weights : x.data;
      final float[] hs = h == null ? weights : h.data;
      final float[] to = out.data;
      final int inputs = x == null ? 0 : w.inputs;
      final int hidden = h == null ? 0 : w.hidden;
      """;

  /** All vectors, panel by panel. */
  List<Map<String, String>> all() {
    return items(panels * vectors, v -> Map.of("v", "" + v, "startvector", plus(v / vectors, "startPanel") + plus(v % vectors, "L"),
        "outvector", plus(v, "L")));
  }

  /** Those that a row of weights updates, from vector {@code first} of a panel on; the second panel's weights lie at u. */
  List<Map<String, String>> updated(int first) {
    return items(panels * width, i -> Map.of("v", "" + (i / width * vectors + first + i % width), "w", "" + i % width,
        "outvector", plus(first + i % width, "L"), "place", (i < width ? "q" : "u") + plus(i % width, "L"), "vector", plus(i % width, "L")));
  }

  /** Whole sums, of rows where they lie: over the inputs, then over the recurrent inputs. */
  String sums() {
    return new Template(SUMS).value("head", times(vectors, "L")).list("row", rows).list("vector", all())
        .value("inputs", blocks("inputs", "x", 0)).value("recurrent", blocks("hidden", "h", vectors - width)).fill();
  }

  private String blocks(String count, String in, int first) {
    return new Template(BLOCKS)
        .value("multiply", rows.size() == 1 ? MULTIPLY_ONE_ROW : MULTIPLY_ROWS)
        .value("count", count).value("array", in + "s").value("first", in).value("width", times(width, "L"))
        .list("row", rows).list("updated", updated(first)).list("secondpanel", panels == 2 ? ONE_ROW : List.of()).fill();
  }
}
