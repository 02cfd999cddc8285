package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Jvm;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.layers.Activation;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What one model is like does not keep SIMD from all others. */
class PlanWarmUpTest {
  private static final long PATIENCE_SECONDS = 100;

  /** Without weights, and with 64 MB for one step. */
  private static Sequential wide() {
    return Sequential.of(Input.shape(Shape.UNKNOWN, 1 << 24), new Activation("relu").named("wide"));
  }

  @Test
  void aPlanThatIsTooLargeIsLeftOut() {
    PlanWarmUp warmUp = new PlanWarmUp(Plan.of(wide().graph(), Weights.zeros(wide().graph().variables())));
    warmUp.round();
    assertEquals(null, warmUp.failure());
    assertTrue(wide().freeze().workspaceBytes(1) >= 1L << 26);
    assertTrue(wide().freeze().workspaceBytes(1, 100) >= 1L << 32);
  }

  @Test
  @EnabledIfSystemProperty(named = "rill.kernels", matches = "auto")
  void simdTakesOverAfterAModelThatIsTooLarge() {
    String output = Jvm.run(List.of("-Xmx128m", "--add-modules", "jdk.incubator.vector", "-cp", Jvm.CLASS_PATH,
        PlanWarmUpTest.class.getName()));
    assertTrue(output.contains("at last: simd"), output);
  }

  /** The large model first, then small ones until SIMD runs. */
  public static void main(String[] arguments) throws InterruptedException {
    wide().freeze();
    Network network;
    long start = System.nanoTime();
    do {
      Thread.sleep(200);
      network = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4)).freeze();
    } while (!network.describe().startsWith("simd") && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS));
    System.out.println("at last: " + network.describe());
  }
}
