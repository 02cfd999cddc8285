package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;
import static dev.rill.kernels.generator.Template.plus;
import static dev.rill.kernels.generator.Template.times;

import java.util.List;
import java.util.Map;

/**
 * Products of weights of which a 32-bit word holds several, by register tiles as {@link Tile} has them, of one part of a sum:
 * that of the kernel or that of the recurrent kernel.
 *
 * @param perWord weights of a word, the first in its lowest bits
 * @param scaled whether each column has a scale
 * @param widened the weights in the uppermost bits of {@code top$v}
 * @param each each of the weights of {@code word$v}, likewise
 * @param added a sum, with the chain of a block added to it
 */
record ReducedTiles(int perWord, boolean scaled, String widened, List<String> each, String added) {
  private static final ReducedTiles BFLOAT16 = new ReducedTiles(2, false, "top$v.and(UPPER).reinterpretAsFloats()",
      List.of("word$v.lanewise(LSHL, 16).reinterpretAsFloats()", "word$v.and(UPPER).reinterpretAsFloats()"), "a$r$v.add($sum)");

  /** A block is added with the scale of its column. */
  private static final ReducedTiles INT8 = new ReducedTiles(4, true, "(FloatVector) top$v.lanewise(ASHR, 24).convert(I2F, 0)",
      List.of("((FloatVector) word$v.lanewise(LSHL, 24).lanewise(ASHR, 24).convert(I2F, 0))",
          "((FloatVector) word$v.lanewise(LSHL, 16).lanewise(ASHR, 24).convert(I2F, 0))",
          "((FloatVector) word$v.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0))",
          "((FloatVector) word$v.lanewise(ASHR, 24).convert(I2F, 0))"),
      "a$r$v.fma(scale$v, $sum)");

  private static final String CLASS = """
      $doc
      final class $name extends VectorKernels {
        private static final VectorSpecies<Float> S = SPECIES;
        private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
        private static final int L = S.length();
        $constants

        @Override
        public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {
          ReducedWeights weights = (ReducedWeights) w;
          weights.begin(rows, start, out);
          if (x != null) {
            part(weights.kernel, rows, x, out);
          }
          if (h != null) {
            part(weights.recurrent, rows, h, out);
          }
        }

        private static void part(ReducedWeights.Part p, int rows, Rows in, Rows out) {
          for (int panel = 0; panel < p.wide; panel++) {
            int row = 0;
            // Three rows fill a tile well enough: the third stands for the fourth.
            for (; row + 3 <= rows; row += 4) {
              final int last = Math.min(row + 3, rows - 1);
              if (p.vectors == 4) {
                tile4x4(p, panel, row, last, in, out);
              } else {
                tile4x3(p, panel, row, last, in, out);
              }
            }
            final int at = p.base + panel * p.panelStride;
            for (; row < rows; row++) {
              final int x = in.at + row * in.stride;
              final int o = out.at + (p.first + 4 * panel) * L + row * out.stride;
              $onerow
            }
          }
          for (int row = 0; row < rows && p.narrow > 0; row += 4) {
            tile4x1(p, p.wide, row, Math.min(row + 3, rows - 1), in, out);
          }
        }

        $methods
      }
      """;

  private static final String BFLOAT16_DOC = """
      /**
       * The SIMD kernels for bfloat16 weights, in words of two.
       *
       * <p>One row takes both halves of a word in one trip, with one panel at a time: twice as many chains in a method are more
       * than the compiler takes in. Tiles of four rows are bound by their multiply-adds, so they load a word once for each half
       * and need no end of their own for an odd count.
       */
      """;

  private static final String BFLOAT16_ONE_ROW = """
      if (p.vectors == 4) {
        words1x4(p.data, at, p.count, in.data, x, out.data, o);
      } else {
        words1x3(p.data, at, p.count, in.data, x, out.data, o);
      }
      """;

  /** The lower half of the last word of an odd count. */
  private static final String BFLOAT16_REST = """
      if (k < end) {
        final FloatVector in0 = FloatVector.broadcast(S, ins[x + k]);
        @vector
          a0$v = IntVector.fromArray(I, words, q$lanes).lanewise(LSHL, 16).reinterpretAsFloats().fma(in0, a0$v);
      }
      """;

  private static final String INT8_DOC = """
      /**
       * The SIMD kernels for int8 weights, in words of four, in the order that {@link ScalarInt8} writes down.
       *
       * <p>A weight is shifted to the top of its word and back, which extends its sign, and converted. One row takes all four
       * weights of a word in one trip where the count is a multiple of four, and two vectors at a time of a panel's four, as of
       * all four JDK 17 boxes some. A second loop for the rest would be more than the compiler takes in: so other counts, and
       * tiles of four rows, load a word once for each of its weights.
       */
      """;

  private static final String INT8_ONE_ROW = """
      if ((p.count & 3) != 0) {
        if (p.vectors == 4) {
          tile1x4(p, panel, row, in, out);
        } else {
          tile1x3(p, panel, row, in, out);
        }
      } else if (p.vectors == 4) {
        words1x2(p.data, at, p.scales, 4 * panel * L, p.count, in.data, x, out.data, o);
        words1x2(p.data, at + 2 * L, p.scales, (4 * panel + 2) * L, p.count, in.data, x, out.data, o + 2 * L);
      } else {
        words1x3(p.data, at, p.scales, 3 * panel * L, p.count, in.data, x, out.data, o);
      }
      """;

  /** The method gets arrays and places: were it to read them from objects, JDK 17 would box here, too. */
  private static final String WORDS = """
      /** One row, all weights of a word at a time. */
      private static void words1x$vectors(int[] words, int at, $counted, float[] ins, int x, float[] to,
          int o0) {
        @vector
          FloatVector s0$v = FloatVector.fromArray(S, to, o0$lanes);
        $scales
        int q = at;
        for (int first = 0; first < count; first += Kernels.CHAIN) {
          final int end = Math.min(count, first + Kernels.CHAIN);
          @vector
            FloatVector a0$v = FloatVector.zero(S);
          int k = first;
          for (; k + $perword <= end; k += $perword, q += $width) {
            @vector
              final IntVector word$v = IntVector.fromArray(I, words, q$lanes);
            @weight
              final FloatVector in$i = FloatVector.broadcast(S, ins[x + k$plus]);
              @vector
                a0$v = $each.fma(in$i, a0$v);
          }
          $rest
          @row
            @vector
              s$r$v = $added;
        }
        @vector
          s0$v.intoArray(to, o0$lanes);
      }
      """;

  private static final String TILE = """
      /** $what, one weight of a word at a time. */
      private static void tile$shape(ReducedWeights.Part p, int panel, $parameters, Rows in, Rows out) {
        final int[] words = p.data;
        final float[] ins = in.data;
        final float[] to = out.data;
        final int count = p.count;
        final int o = out.at + (p.first + 4 * panel) * L;
        $column
        @row
          final int x$r = in.at + $index * in.stride;
          final int o$r = o + $index * out.stride;
        $scales
        int q = p.base + panel * p.panelStride;
        for (int first = 0; first < count; first += Kernels.CHAIN) {
          final int end = Math.min(count, first + Kernels.CHAIN);
          @row
            @vector
              FloatVector a$r$v = FloatVector.zero(S);
          for (int k = first; k < end; k++) {
            final int shift = $lowest - $bits * (k & $mask);
            @vector
              final IntVector top$v = IntVector.fromArray(I, words, q$lanes).lanewise(LSHL, shift);
              final FloatVector w$v = $widened;
            @row
              final FloatVector in$r = FloatVector.broadcast(S, ins[x$r + k]);
              @vector
                a$r$v = w$v.fma(in$r, a$r$v);
            q += shift == 0 ? $width : 0;
          }
          @row
            @vector
              a$r$v = $added;
          @row
            @vector
              a$r$v.intoArray(to, o$r$lanes);
        }
      }
      """;

  /** The scales of a tile's columns. */
  private static final String SCALES = """
      @vector
        final FloatVector scale$v = FloatVector.fromArray(S, scales, column$lanes);
      """;

  static String bfloat16() {
    return new Template(CLASS).value("doc", BFLOAT16_DOC).value("name", "VectorBfloat16")
        .value("constants", "private static final int UPPER = 0xffff0000;").value("onerow", BFLOAT16_ONE_ROW)
        .value("methods", String.join("\n", BFLOAT16.words(4, 4, BFLOAT16_REST), BFLOAT16.words(3, 3, BFLOAT16_REST),
            BFLOAT16.tile(4, 4), BFLOAT16.tile(4, 3), BFLOAT16.tile(4, 1))).fill();
  }

  static String int8() {
    return new Template(CLASS).value("doc", INT8_DOC).value("name", "VectorInt8").value("constants", "").value("onerow", INT8_ONE_ROW)
        .value("methods", String.join("\n", INT8.words(2, 4, ""), INT8.words(3, 3, ""), INT8.tile(1, 4), INT8.tile(1, 3),
            INT8.tile(4, 4), INT8.tile(4, 3), INT8.tile(4, 1))).fill();
  }

  private String words(int vectors, int width, String rest) {
    return common(new Template(WORDS), 1, vectors, width)
        .value("counted", scaled ? "float[] scales, int column, int count" : "int count")
        .list("weight", items(perWord, i -> Map.of("i", "" + i, "plus", i == 0 ? "" : " + " + i, "each", each.get(i))))
        .value("rest", rest).value("sum", "s0$v").fill();
  }

  private String tile(int rows, int vectors) {
    return common(new Template(TILE), rows, vectors, vectors)
        .value("what", rows == 1 ? "One row" : "Rows {@code row} to {@code last}, and the last again up to four")
        .value("parameters", rows == 1 ? "int row" : "int row, int last")
        .value("column", scaled ? "final float[] scales = p.scales;\nfinal int column = panel * p.vectors * L;" : "")
        .value("sum", "FloatVector.fromArray(S, to, o$r$lanes)")
        .value("lowest", 32 - 32 / perWord).value("bits", 32 / perWord).value("mask", perWord - 1).value("widened", widened).fill();
  }

  private Template common(Template text, int rows, int vectors, int width) {
    return text.value("shape", rows + "x" + vectors).value("vectors", vectors).value("width", times(width, "L"))
        .value("perword", perWord).value("scales", scaled ? SCALES : "").value("added", added)
        .list("row", items(rows, r -> Map.of("r", "" + r, "index", r == 0 ? "row" : r == 3 ? "last" : "Math.min(row + " + r + ", last)")))
        .list("vector", items(vectors, v -> Map.of("v", "" + v, "lanes", plus(v, "L"))));
  }
}
