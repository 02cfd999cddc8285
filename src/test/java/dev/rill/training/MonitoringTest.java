package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Callbacks that watch a figure, against what those of Keras 3.15.1 did when they were given the same figures. */
class MonitoringTest {
  private static final Double[] VALLEYS = {5., 4., 4., 3., 3.5, 3.4, 3.3, 2.9, 3., 3., 3., 3.};
  private static final Double[] STAIRS = {5., 5., 5., 5., 4., 4., 4., 4., 4., 4., 4., 4.};

  /** How many epochs run, and which epoch's weights are there at the end. */
  private static void assertStops(int epochs, int weights, EarlyStopping callback, Double... losses) {
    FakeTrainable trainee = FakeTrainable.epochs(callback, losses);
    assertEquals(epochs, trainee.calls.size());
    assertEquals(weights, trainee.w);
  }

  private static EarlyStopping stopping(int patience) {
    return new EarlyStopping().patience(patience).restoreBestWeights(true);
  }

  @Test
  void trainingStopsWhenPatienceIsAtAnEndAndGoesBackToTheBestWeights() {
    assertStops(6, 3, stopping(2), VALLEYS);
    assertStops(7, 3, stopping(3), VALLEYS);
  }

  @Test
  void withoutPatienceTheFirstEpochThatIsNoBetterIsTheLast() {
    assertStops(3, 2, new EarlyStopping(), VALLEYS);
  }

  @Test
  void aBaselineThatIsNotBeatenKeepsPatienceRunning() {
    assertStops(12, 7, stopping(4).baseline(3.2), VALLEYS);
    assertStops(3, 1, stopping(3).baseline(1), VALLEYS);
  }

  @Test
  void aSmallGainIsNoGain() {
    assertStops(6, 3, stopping(2).minDelta(0.5), VALLEYS);
    // Half a float's last digit.
    assertStops(2, 1, new EarlyStopping().patience(1), 1., 1 - 1e-9, 0.5, 0.5);
  }

  @Test
  void epochsBeforeTheFirstToCountAreNotLookedAt() {
    assertStops(9, 7, stopping(1).startFromEpoch(4), VALLEYS);
  }

  @Test
  void moreMayBeBetter() {
    assertStops(3, 1, stopping(1).mode(Mode.MAX), 1., 2., 2., 3., 1., 1.);
  }

  @Test
  void nothingIsBetterThanAFirstNaN() {
    assertStops(3, 0, stopping(2), Double.NaN, 1., 2., 3.);
  }

  @Test
  void epochsWithoutTheFigureDoNotCount() {
    assertStops(3, 2, new EarlyStopping().patience(1), 5., null, 5., null, 5.);
  }

  @Test
  void aFigureOfWhichNobodyKnowsWhatIsBetterIsRefusedBeforeTraining() {
    assertTrue(assertThrows(RillException.class, () -> FakeTrainable.epochs(new EarlyStopping("val_riddle"), 1.))
        .getMessage().contains("Mode.MAX"));
    FakeTrainable.epochs(new EarlyStopping("val_accuracy"));
  }

  private static void assertRates(ReduceOnPlateau callback, Double[] losses, double... rates) {
    assertEquals(Arrays.stream(rates).mapToObj(rate -> "epoch at " + (float) rate).toList(),
        FakeTrainable.epochs(callback, losses).calls);
  }

  @Test
  void theRateFallsOnEachPlateau() {
    assertRates(new ReduceOnPlateau().patience(2), STAIRS, 0.10000000149011612, 0.10000000149011612, 0.009999999776482582,
        0.009999999776482582, 0.009999999776482582, 0.009999999776482582, 0.0009999999310821295, 0.0009999999310821295,
        9.99999901978299e-05, 9.99999901978299e-05, 9.99999883788405e-06, 9.99999883788405e-06);
  }

  @Test
  void theRateStaysWhileItCoolsDown() {
    assertRates(new ReduceOnPlateau().patience(2).cooldown(2).factor(0.5), STAIRS, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025,
        0.025, 0.025, 0.0125, 0.0125, 0.0125);
  }

  @Test
  void theRateHasABottom() {
    assertRates(new ReduceOnPlateau().patience(1).factor(0.2).minRate(0.01), STAIRS, 0.1, 0.02, 0.01, 0.01, 0.01, 0.01, 0.01,
        0.01, 0.01, 0.01, 0.01, 0.01);
    assertThrows(RillException.class, () -> new ReduceOnPlateau().factor(1));
  }

  @Test
  void theRateBeforeAReductionIsLogged() {
    Logs logs = new Logs().put("val_loss", 1);
    ReduceOnPlateau callback = new ReduceOnPlateau().patience(0);
    FakeTrainable trainee = new FakeTrainable(false);
    FitContext run = new FitContext(trainee, 2, true);
    callback.onTrainBegin(run);
    callback.onEpochEnd(run, new Logs().put("val_loss", 1));
    callback.onEpochEnd(run, logs);
    assertEquals(0.01f, logs.get("learning_rate"));
    assertEquals((float) (0.01f * 0.1), trainee.learningRate());
  }
}
