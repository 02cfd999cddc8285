package dev.rill.kernels.generator;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
 */
final class Functions {
  private static final Map<String, String> CONSTANTS = Map.of(
      "sigmoid", """
          final FloatVector sigmoidMagic = FloatVector.broadcast(S, Elementary.SIGMOID_MAGIC);
          final FloatVector negLog2e = FloatVector.broadcast(S, -Elementary.LOG2E);
          final FloatVector ln2High = FloatVector.broadcast(S, Elementary.LN2_HIGH);
          final FloatVector ln2Low = FloatVector.broadcast(S, Elementary.LN2_LOW);
          final FloatVector n6 = FloatVector.broadcast(S, -Elementary.E6);
          final FloatVector p5 = FloatVector.broadcast(S, Elementary.E5);
          final FloatVector n4 = FloatVector.broadcast(S, -Elementary.E4);
          final FloatVector p3 = FloatVector.broadcast(S, Elementary.E3);
          final FloatVector n2 = FloatVector.broadcast(S, -Elementary.E2);
          final FloatVector tiny = FloatVector.broadcast(S, Elementary.TINY);
          """,
      "tanh", """
          final FloatVector tanhMagic = FloatVector.broadcast(S, Elementary.TANH_MAGIC);
          final FloatVector log2eTwice = FloatVector.broadcast(S, Elementary.LOG2E_TWICE);
          final FloatVector minusHalfLn2 = FloatVector.broadcast(S, -Elementary.HALF_LN2);
          final FloatVector t1 = FloatVector.broadcast(S, Elementary.T1);
          final FloatVector t2 = FloatVector.broadcast(S, Elementary.T2);
          final FloatVector t3 = FloatVector.broadcast(S, Elementary.T3);
          final FloatVector one = FloatVector.broadcast(S, 1f);
          final FloatVector half = FloatVector.broadcast(S, 0.5f);
          """);

  /** y of x, a statement a line. */
  private static final Map<String, String> STATEMENTS = Map.of(
      "sigmoid", """
          final IntVector $yB = $x.reinterpretAsInts().add(Elementary.NAN_FIRST).lanewise(MIN, Elementary.SIGMOID_CLAMP);
          final FloatVector $yX = $yB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
          final IntVector $yM = $yX.fma(negLog2e, sigmoidMagic).reinterpretAsInts().lanewise(MIN, Elementary.SIGMOID_LAST);
          final FloatVector $yN = $yM.reinterpretAsFloats().sub(sigmoidMagic);
          final FloatVector $yR = $yN.fma(ln2Low, $yN.fma(ln2High, $yX));
          final FloatVector $yW = $yR.mul($yR);
          final FloatVector $yP = $yW.fma(n6, $yR.fma(p5, n4)).fma($yW, $yR.fma(p3, n2)).fma($yW, $yR);
          final FloatVector $yS = $yM.lanewise(LSHL, 23).reinterpretAsFloats();
          final FloatVector $yT = tiny.sub($yS);
          final FloatVector $y = tiny.div($yP.fma($yS, tiny.sub($yT.add($yS))).add($yT));
          """,
      "tanh", """
          final IntVector $yBits = $x.reinterpretAsInts();
          final IntVector $yB = $yBits.and(0x7fffffff).add(Elementary.NAN_FIRST).lanewise(MIN, Elementary.TANH_CLAMP);
          final FloatVector $yA = $yB.sub(Elementary.NAN_FIRST).reinterpretAsFloats();
          final IntVector $yM = $yA.fma(log2eTwice, tanhMagic).reinterpretAsInts().and(-(1 << Elementary.FRACTION_BITS));
          final FloatVector $yR = $yM.reinterpretAsFloats().sub(tanhMagic).fma(minusHalfLn2, $yA);
          final FloatVector $yW = $yR.mul($yR);
          final FloatVector $yQ = $yW.fma(t3, t2).fma($yW, t1).fma($yW.mul($yR), $yR);
          final FloatVector $yS = $yM.lanewise(LSHL, 23 - Elementary.FRACTION_BITS).reinterpretAsFloats();
          final FloatVector $yU = $yQ.fma($yS.add(half), $yS.sub(half));
          final FloatVector $y = $yU.div($yU.add(one.sub($yQ))).reinterpretAsInts().or($yBits.and(0x80000000)).reinterpretAsFloats();
          """);

  /** Derivatives at the result y: expressions, with the constant one. */
  private static final Map<String, String> DERIVATIVES = Map.of(
      "sigmoidDerivative", "$y.mul(one.sub($y))",
      "tanhDerivative", "$y.neg().fma($y, one)");

  private static final Pattern CONSTANTS_OF = Pattern.compile("( *)constants\\((\\w+(?:, \\w+)*)\\);");
  private static final Pattern CALL = Pattern.compile("( *)final FloatVector (\\w+(?:, \\w+)*) = (sigmoid|tanh)\\((\\w+(?:, \\w+)*)\\);");

  private static final Pattern DERIVATIVE = Pattern.compile("(sigmoidDerivative|tanhDerivative)\\((\\w+)\\)");

  private Functions() {}

  /** The source with statements in place of calls, and with the constants that they need. */
  static String inline(String source) {
    StringBuilder inlined = new StringBuilder();
    for (String line : source.lines().toList()) {
      Matcher constants = CONSTANTS_OF.matcher(line);
      Matcher call = CALL.matcher(line);
      if (constants.matches()) {
        for (String function : constants.group(2).split(", ")) {
          inlined.append(CONSTANTS.get(function).indent(constants.group(1).length()));
        }
      } else if (call.matches()) {
        List<String> results = List.of(call.group(2).split(", "));
        List<String> arguments = List.of(call.group(4).split(", "));
        for (String statement : STATEMENTS.get(call.group(3)).lines().toList()) {
          for (int i = 0; i < results.size(); i++) {
            inlined.append(call.group(1))
                .append(new Template(statement).value("y", results.get(i)).value("x", arguments.get(i)).fill());
          }
        }
      } else {
        inlined.append(DERIVATIVE.matcher(line).replaceAll(d -> DERIVATIVES.get(d.group(1)).replace("$y", d.group(2)))).append('\n');
      }
    }
    return inlined.toString();
  }
}
