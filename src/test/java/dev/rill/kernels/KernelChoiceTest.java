package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import consumer.Streaming;
import dev.rill.Jvm;
import dev.rill.OnceIsEnough;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which kernels run where, and why: each case in a JVM of its own, with the same bits from all of them. */
@OnceIsEnough
class KernelChoiceTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String HASH = "hash: " + KernelProbe.hash(KernelProbe.network());

  private static String probe(List<String> flags, String... arguments) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(List.of("-cp", Jvm.classPath(KernelChoice.class, KernelProbe.class), "dev.rill.kernels.KernelProbe"));
    all.addAll(List.of(arguments));
    return Jvm.run(all);
  }

  private static void assertContains(String output, String... parts) {
    for (String part : parts) {
      assertTrue(output.contains(part), "expected \"" + part + "\" in\n" + output);
    }
  }

  /** Tests of processor flags make sense on the processor that has them. */
  private static void assumeVectors(int bits) {
    assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64") && KernelChoice.simd() && 32 * KernelChoice.lanes() >= bits);
  }

  @Test
  void withoutTheModuleScalarKernelsRunAndSayWhy() {
    assertContains(probe(List.of()), "kernels: scalar", "--add-modules jdk.incubator.vector", "simd: false", HASH);
  }

  @Test
  void scalarIsForever() {
    assertContains(probe(List.of(MODULE, "-Drill.kernels=scalar"), "warm"), "warm: scalar (rill.kernels=scalar)", HASH,
        "warm " + HASH);
  }

  @Test
  void anUnknownChoiceIsRefusedWhenAModelIsMade() {
    assertContains(probe(List.of(MODULE, "-Drill.kernels=nonsense")), "refused: ", "nonsense",
        "auto, scalar, 128, 256 or 512");
    assertContains(probe(List.of("-Drill.kernels=513")), "refused: ", "513");
    assertContains(probe(List.of("-Drill.warmup=maybe")), "refused: ", "maybe", "on or off");
  }

  @Test
  void misspeltPropertiesAreNamedInOneWarning() {
    String output = probe(List.of("-Drill.kernel=scalar", "-DDrill.warmup=off"));
    assertContains(output, "system properties [Drill.warmup, rill.kernel] have no effect: those of Rill are [rill.kernels, rill.warmup]");
    assertEquals(output.indexOf("no effect"), output.lastIndexOf("no effect"), output);
    assertFalse(probe(List.of("-Drill.kernels=scalar")).contains("no effect"));
  }

  @Test
  void aWidthWithoutTheModuleIsRefusedWithTheReason() {
    assertContains(probe(List.of("-Drill.kernels=256")), "refused: ", "rill.kernels=256",
        "--add-modules jdk.incubator.vector");
  }

  @Test
  void aWidthThatTheMachineLacksIsRefusedWithTheReason() {
    assumeVectors(256);
    assertContains(probe(List.of(MODULE, "-XX:UseAVX=2", "-Drill.kernels=512")), "refused: ", "rill.kernels=512",
        "256 bit");
  }

  @Test
  void withoutTheOptimisingCompilerScalarKernelsRun() {
    assertContains(probe(List.of(MODULE, "-Xint")), "kernels: scalar", "compiler", "simd: false", HASH);
    assertContains(probe(List.of(MODULE, "-XX:TieredStopAtLevel=1")), "kernels: scalar", "compiler", "simd: false",
        HASH);
  }

  /** Right numbers through the emulation, and nowhere near the milliseconds that BigDecimal would take. */
  @Test
  void withoutFusedMultiplyAddScalarKernelsRunOnTheExactEmulation() {
    assumeVectors(128);
    String output = probe(List.of(MODULE, "-XX:-UseFMA"), "time");
    assertContains(output, "kernels: scalar", "fused multiply-add", "simd: false", HASH);
    long nanos = Long.parseLong(output.substring(output.indexOf("nanos: ") + 7).strip());
    assertTrue(nanos < 2_000_000, "a step of 15,000 multiply-adds takes " + nanos + " ns");
  }

  @Test
  void autoTakes256BitWhereThatIsTheWidest() {
    assumeVectors(256);
    assertContains(probe(List.of(MODULE, "-XX:UseAVX=2")), "kernels: scalar (auto; compiling)", "lanes: 8", "simd: true", HASH);
  }

  @Test
  void autoTakes128BitWhereThatIsTheWidest() {
    assumeVectors(128);
    assertContains(probe(List.of(MODULE, "-XX:MaxVectorSize=16")), "lanes: 4", "simd: true", HASH);
  }

  @Test
  void withoutAWarmUpThreadScalarKernelsStay() {
    assumeTrue(KernelChoice.simd());
    String output = probe(List.of(MODULE, "-Drill.warmup=off"), "time");
    assertContains(output, "kernels: scalar (auto; off by rill.warmup=off", "still: scalar", HASH);
  }

  @Test
  void aGivenWidthRunsFromTheFirstCall() {
    assumeVectors(256);
    assertContains(probe(List.of(MODULE, "-Drill.kernels=256")), "kernels: simd, 256 bit (rill.kernels=256)", HASH);
  }

  @Test
  void onTheModulePathSimdNeedsNoFlag() {
    String output = Jvm.run(List.of("-p", Jvm.classPath(KernelChoice.class), "--add-modules", "dev.rill", "-cp",
        Jvm.classPath(Streaming.class), "consumer.Streaming"));
    assertContains(output, "true ");
    assertFalse(output.contains("not resolved"), output);
    assertEquals(KernelChoice.simd(), output.contains("(auto; "), output);
  }
}
