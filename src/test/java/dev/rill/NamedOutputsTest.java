package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Fit;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.Objectives;
import dev.rill.training.SGD;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs that a dict in Keras calls by names of their own, {@code extent} and {@code topic}, of layers called otherwise. */
class NamedOutputsTest {
  @TempDir
  Path folder;

  private static Model loaded() throws IOException {
    return Model.load(Path.of("testdata", "cases", "train_outputs_named", "model.keras"));
  }

  /** {@code extent}, two numbers, before {@code topic}, three classes. */
  private static Batch batch() {
    return Batch.of(List.of(Samples.tensor(1, 4, 3, 2)), List.of(Samples.tensor(2, 4, 2), Tensor.of(new float[] {1, 0, 0, 0, 1, 0,
        0, 0, 1, 0, 1, 0}, 4, 3)));
  }

  private static Objectives objectives() {
    return Objectives.of(Map.of("topic", new CategoricalCrossentropy(), "extent", new MeanSquaredError()))
        .lossWeights(Map.of("topic", 1.0, "extent", 0.2)).metrics(Map.of("topic", List.of(Metric.named("accuracy"))));
  }

  @Test
  void lossesMetricsAndLogsGoByTheirNames() throws IOException {
    Model model = loaded();
    model.compile(new SGD(0.1), objectives());
    Set<String> names = Set.of("loss", "extent_loss", "topic_loss", "topic_accuracy");
    assertEquals(names, model.trainOnBatch(batch()).toMap().keySet());
    assertEquals(names, Set.copyOf(model.fit(batch().x(), batch().y(), new Fit().batchSize(4).verbosity(0)).names()));
  }

  @Test
  void theNamesOfTheirLayersAreRefused() throws IOException {
    Model model = loaded();
    String message = assertThrows(RillException.class, () -> model.compile(new SGD(0.1),
        Objectives.of(Map.of("word", new CategoricalCrossentropy(), "size", new MeanSquaredError())))).getMessage();
    assertTrue(message.contains("by the names [extent, topic]"), message);
    model.compile(new SGD(0.1), objectives());
    String turned = assertThrows(ShapeException.class, () ->
        model.trainOnBatch(Batch.of(batch().x(), List.of(batch().y().get(1), batch().y().get(0))))).getMessage();
    assertTrue(turned.startsWith("targets of output extent:"), turned);
  }

  @Test
  void aFileOfTheModelInTrainingKeepsThem() throws IOException {
    Model model = loaded();
    model.compile(new SGD(0.1), objectives());
    model.trainOnBatch(batch());
    Path file = folder.resolve("model.keras");
    model.save(file);
    Model again = Model.load(file);
    assertEquals(List.of("extent", "topic"), again.graph().outputNames());
    assertEquals(model.trainOnBatch(batch()).toMap(), again.trainOnBatch(batch()).toMap());
  }
}
