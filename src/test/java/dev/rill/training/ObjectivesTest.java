package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.kernels.Kernels;
import dev.rill.kernels.KernelChoice;
import dev.rill.tensor.RillException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is learned and watched at each output, and the names of it: those that Keras 3.15.1 gave for the same compilations. */
class ObjectivesTest {
  private static final Loss MSE = new MeanSquaredError();
  private static final Loss MAE = new MeanAbsoluteError();
  private static final List<String> TWO = List.of("a", "b");

  private static List<Metric> metrics(String... names) {
    return Arrays.stream(names).map(Metric::named).toList();
  }

  private static Metric[] array(String... names) {
    return metrics(names).toArray(new Metric[0]);
  }

  private static List<String> names(List<String> outputs, Objectives objectives) {
    return new LossesAndMetrics(outputs, objectives.at(outputs)).logs().names();
  }

  @Test
  void oneLossStandsAtEveryOutput() {
    List<Objective> all = Objectives.of(MSE).lossWeights(0.5).metrics(array("mae")).at(TWO);
    for (Objective each : all) {
      assertEquals("mean_squared_error", each.loss().kerasName());
      assertEquals(0.5, each.weight());
      assertEquals("mae", each.metrics().get(0).name());
    }
  }

  @Test
  void namesFindTheirOutputsInAnyOrder() {
    List<Objective> all = Objectives.of(Map.of("b", MAE, "a", MSE)).lossWeights(Map.of("b", 3.0, "a", 2.0))
        .metrics(Map.of("b", metrics("mse"))).weightedMetrics(Map.of("a", metrics("mae"))).at(TWO);
    assertEquals("mean_squared_error", all.get(0).loss().kerasName());
    assertEquals(2, all.get(0).weight());
    assertEquals(List.of(), all.get(0).metrics());
    assertEquals("mae", all.get(0).weightedMetrics().get(0).name());
    assertEquals("mean_absolute_error", all.get(1).loss().kerasName());
    assertEquals(3, all.get(1).weight());
    assertEquals("mse", all.get(1).metrics().get(0).name());
  }

  @Test
  void whatDoesNotFitTheOutputsIsRefused() {
    assertRefused("2 outputs", Objectives.of(List.of(MSE)));
    assertRefused("loss weights", Objectives.of(MSE).lossWeights(1, 2, 3));
    assertRefused("metrics", Objectives.of(MSE).metrics(List.of(metrics("mae"))));
    assertRefused("output b is missing", Objectives.of(Map.of("a", MSE)));
    assertRefused("output a is missing", Objectives.of(MSE).lossWeights(Map.of("b", 1.0)));
    assertRefused("[c]", Objectives.of(MSE).metrics(Map.of("c", metrics("mae"))));
    assertRefused("a loss at one", Objectives.of(Arrays.<Loss>asList(null, null)));
    assertThrows(RillException.class, () -> Objectives.of((Loss) null));
    RillException e = assertThrows(RillException.class, () -> Objectives.of(Map.of("l", MSE)).at(List.of("l", "l")));
    assertTrue(e.getMessage().contains("give a list"), e.getMessage());
  }

  private static void assertRefused(String reason, Objectives objectives) {
    RillException e = assertThrows(RillException.class, () -> objectives.at(TWO));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void namesThatAreTakenAreToldApartAndSorted() {
    assertEquals(List.of("acc", "accuracy", "loss", "mae", "mse", "mse_1", "weighted_accuracy", "weighted_mae", "weighted_mae_1",
        "weighted_mse"), names(List.of("d"), Objectives.of(MSE).metrics(array("accuracy", "acc", "mse", "mse"))
        .weightedMetrics(array("mse", "accuracy", "mae", "mae", "mae"))));
  }

  @Test
  void severalOutputsPutTheirNamesInFront() {
    assertEquals(List.of("a_loss", "a_mae", "a_mae_1", "a_weighted_mae", "b_loss", "b_mse", "loss"), names(TWO,
        Objectives.of(MSE).metrics(List.of(metrics("mae", "mae"), metrics("mse")))
            .weightedMetrics(List.of(metrics("mae"), List.of()))));
    assertEquals(List.of("l_loss", "l_mae", "l_mae_1", "l_mse", "loss"), names(List.of("l", "l", "l"),
        Objectives.of(MSE).metrics(List.of(metrics("mae"), metrics("mse"), metrics("mae")))));
  }

  @Test
  void theOnlyLossAmongSeveralOutputsIsNotToldTwice() {
    Objectives objectives = Objectives.of(Arrays.asList(MSE, null)).metrics(array("mae"));
    assertNull(objectives.at(TWO).get(1).loss());
    assertEquals(List.of("a_mae", "b_mae", "loss"), names(TWO, objectives));
  }

  @Test
  void sampleWeightsCountInWeightedMetricsAlone() {
    LossesAndMetrics figures = new LossesAndMetrics(List.of("d"), Objectives.of(MSE).metrics(array("mae")).weightedMetrics(array("mae"))
        .at(List.of("d")));
    Kernels k = KernelChoice.current();
    float[] p = {1, 2, 6};
    double[] weights = {2, 0, 1};
    for (int i = 0; i < p.length; i++) {
      figures.watch(k, 0, new float[1], 0, 1, p, i, 1, weights[i]);
    }
    assertEquals(3, figures.logs().get("mae"));
    assertEquals((2 * 1 + 6) / 3.0, figures.logs().get("weighted_mae"));
    figures.reset();
    assertEquals(0, figures.logs().get("weighted_mae"));
  }

  @Test
  void theLossOfAnOutputIsTheMeanOfItsBatchesThatOfTheModelCountsRows() {
    LossesAndMetrics figures = new LossesAndMetrics(TWO, Objectives.of(MSE).at(TWO));
    for (int rows : new int[] {3, 1}) {
      figures.loss(0, rows, rows, 1);
      figures.loss(1, 0, rows, 1);
      figures.penalty(rows, rows);
    }
    assertEquals(2, figures.logs().get("a_loss"));
    assertEquals(2.5 + 2.5, figures.logs().get("loss"));
  }

  @Test
  void aBatchCountsByWhatIsNotPaddingAtEachOutput() {
    LossesAndMetrics figures = new LossesAndMetrics(TWO, Objectives.of(MSE).lossWeights(2, 1).at(TWO));
    figures.loss(0, 1, 4, 1);
    figures.loss(1, 5, 4, 0.25);
    figures.loss(0, 9, 4, 0.5);
    figures.loss(1, 0, 4, 0);
    assertEquals((1 + 0.5 * 9) / 1.5, figures.logs().get("a_loss"));
    assertEquals(5, figures.logs().get("b_loss"));
    assertEquals(2 * (1 + 0.5 * 9) / 1.5 + 5, figures.logs().get("loss"), 1e-15);
  }

  @Test
  void lessOfALossIsBetterAndMoreOfAnAccuracy() {
    LossesAndMetrics figures = new LossesAndMetrics(TWO, Objectives.of(MSE).metrics(array("accuracy")).at(TWO));
    assertEquals(Mode.MAX, figures.direction("a_accuracy"));
    assertEquals(Mode.MIN, figures.direction("b_loss"));
    assertEquals(Mode.MIN, figures.direction("loss"));
    assertEquals(Mode.AUTO, figures.direction("accuracy"));
  }
}
