package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.tensor.RillException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Choosing classes: as often as their probabilities say, and the same for the same seed, step and row. */
class SamplingTest {
  private static final float[] P = {9, 0.5f, 0, 0.3f, 0.2f};

  private static double[] shares(Sampling sampling) {
    double[] shares = new double[4];
    for (int step = 0; step < 20000; step++) {
      shares[sampling.next(P, 1, 4, step, 3)] += 1 / 20000.;
    }
    return shares;
  }

  @Test
  void theLikeliestIsTheFirstOfTheLargest() {
    assertEquals(1, Sampling.argMax(new float[] {5, 1, 3, 3}, 1, 3));
    assertEquals(0, Sampling.greedy().next(P, 1, 4, 0, 0));
  }

  @Test
  void classesComeAsOftenAsTheirProbabilitiesSay() {
    double[] shares = shares(Sampling.temperature(1, 7));
    assertEquals(0.5, shares[0], 0.015);
    assertEquals(0, shares[1]);
    assertEquals(0.3, shares[2], 0.015);
    assertEquals(0.2, shares[3], 0.015);
  }

  @Test
  void coldMakesTheLikelyLikelierAndHeatLevels() {
    assertEquals(0.25 / (0.25 + 0.09 + 0.04), shares(Sampling.temperature(0.5, 7))[0], 0.015);
    assertEquals(1, shares(Sampling.temperature(1e-3, 7))[0], 1e-9);
    double[] hot = shares(Sampling.temperature(1e6, 7));
    assertEquals(1 / 3., hot[3], 0.015);
    assertEquals(0, hot[1]);
  }

  @Test
  void aChoiceIsAFunctionOfSeedStepAndRow() {
    Sampling a = Sampling.temperature(1, 1);
    Sampling b = Sampling.temperature(1, 1);
    int[] forwards = IntStream.range(0, 50).map(step -> a.next(P, 1, 4, step, 0)).toArray();
    for (int step = 49; step >= 0; step--) {
      assertEquals(forwards[step], b.next(P, 1, 4, step, 0));
    }
    assertNotEquals(IntStream.of(forwards).boxed().toList(),
        IntStream.range(0, 50).map(step -> a.next(P, 1, 4, step, 1)).boxed().toList());
  }

  @Test
  void whatIsNoDistributionIsRefused() {
    assertThrows(RillException.class, () -> Sampling.temperature(0, 1));
    assertThrows(RillException.class, () -> Sampling.temperature(Double.NaN, 1));
    for (float bad : new float[] {Float.NaN, -1, Float.POSITIVE_INFINITY}) {
      assertThrows(RillException.class, () -> Sampling.greedy().next(new float[] {0.5f, bad}, 0, 2, 0, 0));
      assertThrows(RillException.class, () -> Sampling.greedy().next(new float[] {bad, 0.5f}, 0, 2, 0, 0));
    }
    assertThrows(RillException.class, () -> Sampling.greedy().next(new float[2], 0, 2, 0, 0));
  }
}
