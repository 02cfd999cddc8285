package dev.rill.kernels.generator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sigmoid and tanh of vectors, written out where they are called.
 *
 * <p>Kernels would like to call them: but a method that takes vectors gets them boxed unless the compiler inlines it, which
 * beside so much arithmetic it does not (three to six times slower, measured). So a kernel is written as if it could,
 *
 * <pre>
 *   constants(sigmoid);
 *   ...
 *   final FloatVector i = sigmoid(zi);
 * </pre>
 *
 * and {@link #inline} puts the function's statements in place of the call, operation by operation those of
 * {@code dev.rill.kernels.Elementary}. Names within begin with that of the result. Two results at once,
 * {@code y, z = sigmoid(x, w)}, take turns statement by statement.
 *
 * <p>Where all registers hold something else, {@code y = sigmoid(x) reloading} reads its constants from an array, which
 * {@code memory();} declares: what the compiler knows to be constant it keeps in registers, and puts sums on the stack instead,
 * where they may lie across two cache lines. It does not know that of an array, as each store could have changed it. Integers stay in
 * registers, {@code integers(sigmoid)}: there are few, and an operand of their own for each call would be too much for the first
 * compiler, which gives up a method of too many values.
 */
final class Functions {
  /** Names and values of what a function needs. */
  private static final Map<String, String> CONSTANTS = Map.of(
      "sigmoid", """
          sigmoidMagic = Elementary.SIGMOID_MAGIC
          negLog2e = -Elementary.LOG2E
          ln2High = Elementary.LN2_HIGH
          ln2Low = Elementary.LN2_LOW
          n6 = -Elementary.E6
          p5 = Elementary.E5
          n4 = -Elementary.E4
          p3 = Elementary.E3
          n2 = -Elementary.E2
          tiny = Elementary.TINY
          """,
      "tanh", """
          tanhMagic = Elementary.TANH_MAGIC
          log2eTwice = Elementary.LOG2E_TWICE
          minusHalfLn2 = -Elementary.HALF_LN2
          t1 = Elementary.T1
          t2 = Elementary.T2
          t3 = Elementary.T3
          one = 1f
          half = 0.5f
          """);
  /** The same of integers, which all stay in registers. */
  private static final Map<String, String> INTEGERS = Map.of(
      "sigmoid", """
          nanFirst = Elementary.NAN_FIRST
          sigmoidClamp = Elementary.SIGMOID_CLAMP
          sigmoidLast = Elementary.SIGMOID_LAST
          """,
      "tanh", """
          nanFirst = Elementary.NAN_FIRST
          tanhClamp = Elementary.TANH_CLAMP
          magnitude = 0x7fffffff
          wholes = -(1 << Elementary.FRACTION_BITS)
          sign = 0x80000000
          """);
  /** In this order they lie in memory. */
  private static final String[] FUNCTIONS = {"sigmoid", "tanh"};

  /** y of x, a statement a line. */
  private static final Map<String, String> STATEMENTS = Map.of(
      "sigmoid", """
          final IntVector $yB = $x.reinterpretAsInts().add(nanFirst).min(sigmoidClamp);
          final FloatVector $yX = $yB.sub(nanFirst).reinterpretAsFloats();
          final IntVector $yM = $yX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().min(sigmoidLast);
          final FloatVector $yN = $yM.reinterpretAsFloats().sub(sigmoidMagic);
          final FloatVector $yR = $yN.fma(ln2Low, $yN.fma(ln2High, $yX));
          final FloatVector $yW = $yR.mul($yR);
          final FloatVector $yV = $yW.fma(n6, $yR.fma(p5, n4));
          final FloatVector $yP = $yV.fma($yW, $yR.fma(p3, n2)).fma($yW, $yR);
          final FloatVector $yS = $yM.lanewise(LSHL, 23).reinterpretAsFloats();
          final FloatVector $yT = tiny.sub($yS);
          final FloatVector $y = tiny.div($yP.fma($yS, tiny.sub($yT.add($yS))).add($yT));
          """,
      "tanh", """
          final IntVector $yBits = $x.reinterpretAsInts();
          final IntVector $yB = $yBits.and(magnitude).add(nanFirst).min(tanhClamp);
          final FloatVector $yA = $yB.sub(nanFirst).reinterpretAsFloats();
          final IntVector $yM = $yA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(wholes);
          final FloatVector $yR = $yM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, $yA);
          final FloatVector $yW = $yR.mul($yR);
          final FloatVector $yQ = $yW.fma(t3, t2).fma($yW, t1).fma($yW.mul($yR), $yR);
          final FloatVector $yS = $yM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
          final FloatVector $yU = $yQ.fma($yS.add(half), $yS.sub(half));
          final FloatVector $y = $yU.div($yU.add(one.sub($yQ))).reinterpretAsInts().or($yBits.and(sign)).reinterpretAsFloats();
          """);

  /** Derivatives at the result y: expressions, with the constant one. */
  private static final Map<String, String> DERIVATIVES = Map.of(
      "sigmoidDerivative", "$y.mul(one.sub($y))",
      "tanhDerivative", "$y.neg().fma($y, one)");

  private static final Pattern CONSTANTS_OF = Pattern.compile("( *)(constants|integers)\\((\\w+(?:, \\w+)*)\\);");
  private static final Pattern CALL = Pattern.compile("( *)final FloatVector (\\w+(?:, \\w+)*) = (sigmoid|tanh)\\((\\w+(?:, \\w+)*)\\)( reloading)?;");
  private static final Pattern MEMORY = Pattern.compile("( *)memory\\(\\);");

  private static final Pattern DERIVATIVE = Pattern.compile("(sigmoidDerivative|tanhDerivative)\\((\\w+)\\)");

  private Functions() {}

  /** The source with statements in place of calls, and with the constants that they need. */
  static String inline(String source) {
    StringBuilder inlined = new StringBuilder();
    for (String line : source.lines().toList()) {
      Matcher constants = CONSTANTS_OF.matcher(line);
      Matcher memory = MEMORY.matcher(line);
      Matcher call = CALL.matcher(line);
      if (constants.matches()) {
        String[] functions = constants.group(3).split(", ");
        if (constants.group(2).equals("constants")) {
          for (String[] constant : pairs(CONSTANTS, functions)) {
            inlined.append(constants.group(1)).append(broadcast(constant[0], constant[1]));
          }
        }
        for (String[] integer : pairs(INTEGERS, functions)) {
          inlined.append(constants.group(1))
              .append("final IntVector " + integer[0] + " = IntVector.broadcast(I, " + integer[1] + ");\n");
        }
      } else if (memory.matches()) {
        String values = pairs(CONSTANTS, FUNCTIONS).stream().map(c -> c[1]).collect(Collectors.joining(",\n    "));
        inlined.append(("static final float[] CONSTANTS = {\n    " + values + "\n};\n").indent(memory.group(1).length()));
      } else if (call.matches()) {
        inline(call, inlined);
      } else {
        inlined.append(DERIVATIVE.matcher(line).replaceAll(d -> DERIVATIVES.get(d.group(1)).replace("$y", d.group(2)))).append('\n');
      }
    }
    return inlined.toString();
  }

  private static void inline(Matcher call, StringBuilder inlined) {
    String function = call.group(3);
    List<String> results = List.of(call.group(2).split(", "));
    List<String> arguments = List.of(call.group(4).split(", "));
    String statements = STATEMENTS.get(function);
    if (call.group(5) != null) {
      List<String> inMemory = pairs(CONSTANTS, FUNCTIONS).stream().map(constant -> constant[0]).toList();
      for (String[] constant : pairs(CONSTANTS, function)) {
        String own = results.get(0) + constant[0].substring(0, 1).toUpperCase(Locale.ROOT) + constant[0].substring(1);
        inlined.append(call.group(1)).append(broadcast(own, "VectorElementary.CONSTANTS[" + inMemory.indexOf(constant[0]) + "]"));
        statements = statements.replaceAll("\\b" + constant[0] + "\\b", own);
      }
    }
    for (String statement : statements.lines().toList()) {
      for (int i = 0; i < results.size(); i++) {
        inlined.append(call.group(1))
            .append(new Template(statement).value("y", results.get(i)).value("x", arguments.get(i)).fill());
      }
    }
  }

  /** Name and value of each, once. */
  private static List<String[]> pairs(Map<String, String> constants, String... functions) {
    return Stream.of(functions).flatMap(function -> constants.get(function).lines()).distinct().map(line -> line.split(" = ")).toList();
  }

  private static String broadcast(String name, String value) {
    return "final FloatVector " + name + " = FloatVector.broadcast(S, " + value + ");\n";
  }
}
