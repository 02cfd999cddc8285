package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rill.kernels.KernelChoice;
import dev.rill.layers.Conv1D;
import dev.rill.layers.LSTM;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A warm-up on the caller's thread brings SIMD and says what it did. */
class WarmUpTest {
  @Test
  void warmUpBringsSimdWhereItMayRunAndSaysSo() {
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, 5), new LSTM(20)).freeze();
    WarmUp report = network.warmUp(Duration.ofSeconds(30));
    assertEquals(network.describe(), report.kernels());
    assertEquals(KernelChoice.simd(), report.kernels().startsWith("simd"), report.toString());
    assertTrue(report.steps() > 0 && report.nanosPerStep() > 0 && report.elapsed().toNanos() > 0, report.toString());
  }

  @Test
  void aWarmUpOfAModelThatCannotBeStreamedRunsWindows() {
    Network any = Sequential.of(Input.shape(Shape.UNKNOWN, 5), new LSTM(20).goBackwards(true)).freeze();
    WarmUp report = any.warmUp(Duration.ofSeconds(30));
    assertTrue(report.steps() > 0 && report.steps() % 64 == 0 && report.nanosPerStep() > 0, report.toString());
    Network fixed = Sequential.of(Input.shape(7, 5), new LSTM(20).goBackwards(true)).freeze();
    assertEquals(0, fixed.warmUp(Duration.ofSeconds(30)).steps() % 7);
    Network longer = Sequential.of(Input.shape(Shape.UNKNOWN, 5), new Conv1D(2, 99), new LSTM(20).goBackwards(true)).freeze();
    assertEquals(0, longer.warmUp(Duration.ofSeconds(30)).steps(), "it reads 99 steps at least");
  }

  @Test
  void anyBudgetThatIsATimeIsFine() {
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, 5), new LSTM(20)).freeze();
    assertTrue(network.warmUp(Duration.ZERO).rounds() > 0);
    for (long seconds : new long[] {-1, Long.MIN_VALUE}) {
      String message =
          assertThrows(RillException.class, () -> network.warmUp(Duration.ofSeconds(seconds))).getMessage();
      assertTrue(message.contains("budget"), message);
    }
    // It ends by itself, long before that.
    network.warmUp(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
  }

  @Test
  void theBackgroundThreadEndsWhenItIsTold() {
    Sequential.of(Input.shape(Shape.UNKNOWN, 5), new LSTM(20)).freeze();
    WarmUp.stopBackground();
    assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("rill-warm-up")));
  }

  @Test
  void aStreamGoesOnThroughTheSwitchOfKernelsToTheSameBits() {
    assumeTrue(System.getProperty("rill.kernels", "auto").equals("auto"));
    Network network = Samples.streaming(12).freeze();
    Session straight = network.session(3);
    Session warmed = network.session(3);
    int n = 3 * network.inputFeatures(0);
    float[] y = new float[3 * network.outputFeatures(0)];
    float[] z = y.clone();
    for (int t = 0; t < 40; t++) {
      if (t == 20) {
        network.warmUp(Duration.ofSeconds(30));
      }
      straight.step(Samples.floats(t, n, 1), y);
    }
    for (int t = 0; t < 40; t++) {
      warmed.step(Samples.floats(t, n, 1), z);
    }
    Samples.assertBits(z, y, "outputs");
    Samples.assertBits(warmed.state(), straight.state(), "states");
  }
}
