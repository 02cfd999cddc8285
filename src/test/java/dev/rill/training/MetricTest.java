package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.kernels.KernelChoice;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import org.junit.jupiter.api.Test;

/** Metrics of single rows; expected values are those of Keras 3.15.1. */
class MetricTest {
  private static double of(Metric metric, float[] y, float... p) {
    Tally tally = metric.tally();
    tally.add(KernelChoice.current(), y, 0, y.length, p, 0, p.length, 1);
    return tally.result();
  }

  private static float[] y(float... y) {
    return y;
  }

  @Test
  void accuracyIsResolvedFromShapes() {
    Metric accuracy = Metric.named("accuracy");
    assertEquals(1, of(accuracy, y(1), 0.6f));
    assertEquals(0, of(accuracy, y(1), 0.5f), "the threshold itself means 0");
    assertEquals(1, of(accuracy, y(2), 0.1f, 0.2f, 0.7f));
    assertEquals(1, of(accuracy, y(0, 0, 1), 0.1f, 0.2f, 0.7f));
    assertEquals(0, of(accuracy, y(0, 1, 0), 0.1f, 0.2f, 0.7f));
  }

  @Test
  void ofEqualsTheFirstIsTheLargest() {
    assertEquals(1, of(Metric.named("sparse_categorical_accuracy"), y(0), 0.4f, 0.4f));
    assertEquals(0, of(Metric.named("sparse_categorical_accuracy"), y(1), 0.4f, 0.4f));
    assertEquals(0, of(Metric.named("sparse_categorical_accuracy"), y(0.5f), 0.4f, 0.4f));
  }

  @Test
  void binaryAccuracyIsAMeanOverElements() {
    assertEquals(0.75, of(Metric.named("binary_accuracy"), y(1, 0, 1, 1), 0.9f, 0.1f, 0.8f, 0.2f));
    assertEquals(0.5, of(Metric.binaryAccuracy(0.85), y(1, 0, 1, 1), 0.9f, 0.1f, 0.8f, 0.2f));
  }

  @Test
  void equalsAreAllAmongTheLikeliest() {
    assertEquals(1, of(Metric.topK(2), y(0, 0, 1), 0.1f, 0.5f, 0.3f));
    assertEquals(0, of(Metric.topK(2), y(1, 0, 0), 0.1f, 0.5f, 0.3f));
    assertEquals(1, of(Metric.sparseTopK(1), y(1), 0.4f, 0.4f, 0.1f));
    assertEquals(0, of(Metric.sparseTopK(3), y(7), 0.4f, 0.4f, 0.1f), "no such class");
    assertEquals(0, of(Metric.sparseTopK(3), y(0), 0.4f, Float.NaN, 0.1f));
    assertEquals(0, of(Metric.sparseTopK(3), y(1), 0.4f, Float.NaN, 0.1f));
    assertThrows(RillException.class, () -> Metric.topK(0));
  }

  @Test
  void aCosineIsWatchedWithItsOwnSign() {
    assertEquals(1, of(Metric.named("cosine_similarity"), y(1, 2), 2, 4), 1e-6);
    assertEquals(1, of(Metric.of(new CosineSimilarity()), y(1, 2), 2, 4), 1e-6);
  }

  @Test
  void theRootIsTakenOfTheMean() {
    assertEquals(3, of(Metric.named("root_mean_squared_error"), y(1), 4));
  }

  @Test
  void aNameIsKeptAndAnObjectHasItsLongOne() {
    assertEquals("mae", Metric.named("mae").name());
    assertEquals("acc", Metric.named("acc").name());
    assertEquals("BinaryAccuracy", Metric.named("BinaryAccuracy").name());
    assertEquals("mean_absolute_error", Metric.of(new MeanAbsoluteError()).name());
    assertThrows(UnsupportedException.class, () -> Metric.named("f1"));
  }
}
