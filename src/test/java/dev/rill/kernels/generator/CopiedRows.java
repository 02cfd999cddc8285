package dev.rill.kernels.generator;

import static dev.rill.kernels.generator.Template.items;
import static dev.rill.kernels.generator.Template.plus;
import static dev.rill.kernels.generator.Template.times;

import java.util.List;
import java.util.Map;

/** Products of more than four rows of float32 inputs, which have been copied. */
final class CopiedRows {
  private static final String CLASS = """
      /**
       * Products of many rows, whose inputs have been copied; {@link VectorMatmul} says which rows go in which.
       *
       * <p>What counts is how many instructions the processor must take in for each multiply-add: it takes in four a cycle and
       * does two multiply-adds, and where two threads share a core each gets half. Six rows use each loaded weight six times.
       * Their inputs are copied first, to rows whose distance the compiler knows: rows where they lie need an address each,
       * computed anew for each input, which is as much work as the loads themselves. Twenty-four accumulators are what 32
       * registers hold beside weights and inputs; 16 hold eight or nine beside all inputs, and that many
       * chains keep two multiply-adds of four cycles each busy.
       */
      final class VectorCopiedTiles {
        private static final VectorSpecies<Float> S = VectorKernels.SPECIES;
        private static final int L = S.length();
        /** Floats from row to row of the copies, the first of which is row 1; a block of inputs is no longer. */
        private static final int BLOCK = PackedWeights.BLOCK;

        private VectorCopiedTiles() {}

        $six

        $four

        $sixgru

        $fourgru

        $half

        $threegru
      }
      """;

  /** One block: with a loop over blocks around it JDK 17 boxes the accumulators. */
  private static final String METHOD = """
      /** A block of {@code count} inputs from {@code first} on; rows up to {@code last}, and the last again up to $count. */
      static void $name(float[] weights, int at, float[] copies, int first, int count, int last, float[] to, int o, int stride) {
        @clamped
          final int $index = Math.min($r, last);
        @row
          @updated
            FloatVector a$r$v = FloatVector.zero(S);
        $loop
        $add
      }
      """;

  /** It counts places of weights, as these the compiler checks ahead then, whatever their width. */
  private static final String MANY_REGISTERS = """
      final int end = at + count * $width;
      for (int q = at, k = first; q < end; q += $width, k++) {
        @updated
          final FloatVector w$v = FloatVector.fromArray(S, weights, q$outvector);
        @row
          final FloatVector in$r = FloatVector.broadcast(S, copies[k + $copy]);
          @updated
            a$r$v = w$v.fma(in$r, a$r$v);
      }
      """;

  /**
   * It counts inputs and loads them first. In the other form the compilers carry the address of the weights to a vector register and
   * back for each input, which takes longer than its multiply-adds.
   */
  private static final String FEW_REGISTERS = """
      final int end = first + count;
      for (int k = first, q = at; k < end; k++, q += $width) {
        @row
          final FloatVector in$r = FloatVector.broadcast(S, copies[k + $copy]);
        @updated
          final FloatVector w$v = FloatVector.fromArray(S, weights, q$outvector);
        @row
          @updated
            a$r$v = w$v.fma(in$r, a$r$v);
      }
      """;

  private CopiedRows() {}

  static String source() {
    return new Template(CLASS).value("six", method(MANY_REGISTERS, 6, 5, 4, 4)).value("four", method(MANY_REGISTERS, 4, 1, 4, 4))
        .value("sixgru", method(MANY_REGISTERS, 6, 5, 3, 3)).value("fourgru", method(MANY_REGISTERS, 4, 1, 3, 3))
        .value("half", method(FEW_REGISTERS, 4, 1, 2, 4)).value("threegru", method(FEW_REGISTERS, 3, 1, 3, 3)).fill();
  }

  /**
   * A tile that has {@code sure} rows at least; further ones may be the last of them again.
   *
   * @param vectors it updates, of {@code width} in a row of the weights
   */
  private static String method(String loop, int count, int sure, int vectors, int width) {
    List<Map<String, String>> rows = items(count, r -> {
      String index = r == count - 1 ? "last" : "row" + r;
      return Map.of("r", "" + r, "index", index, "copy", times(r + 1, "BLOCK"),
          "outrow", r < sure ? plus(r, "stride") : " + " + index + " * stride");
    });
    return new Template(METHOD).value("name", "tile" + count + "x" + vectors).value("count", count).value("loop", loop)
        .value("width", times(width, "L"))
        .list("row", rows).list("updated", new Tile(rows, 1, vectors, vectors).all())
        .list("clamped", rows.subList(sure, count - 1)).value("add", Tile.ADD).fill();
  }
}
