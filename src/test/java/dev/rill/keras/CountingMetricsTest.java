package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.io.ZipArchive;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics that are no mean over rows, read and written again as Keras 3.15.1 wrote them. */
class CountingMetricsTest {
  private static TreeMap<String, String> options(JsonObject entry) {
    TreeMap<String, String> options = new TreeMap<>();
    for (String name : entry.object("config").names()) {
      // A list of one threshold means what the threshold means.
      options.put(name, Json.write(entry.object("config").get(name)).replaceAll("^\\[(0\\.\\d+)]$", "$1"));
    }
    return options;
  }

  private static void assertKept(JsonValue metrics, TreeSet<String> seen) {
    for (int i = 0; metrics instanceof JsonArray list && i < list.size(); i++) {
      assertKept(list.get(i), seen);
    }
    // One-hot ones become what they are made of.
    if (metrics instanceof JsonObject entry && CountingMetrics.has(entry.string("class_name"))
        && !entry.string("class_name").startsWith("OneHot")) {
      JsonObject written = (JsonObject) FigureWriter.metric(FigureReader.metric(entry, "here"));
      assertEquals(entry.string("class_name"), written.string("class_name"));
      assertEquals(entry.string("module"), written.string("module"));
      TreeMap<String, String> kept = options(entry);
      // A whole number that stands for a threshold is one.
      kept.computeIfPresent("thresholds", (name, value) -> value.equals("0") ? "0.0" : value);
      assertEquals(kept, options(written), entry.string("class_name"));
      seen.add(entry.string("class_name"));
    }
  }

  @Test
  void everyOneThatKerasHasWrittenIsWrittenAgain() throws Exception {
    TreeSet<String> seen = new TreeSet<>();
    try (Stream<Path> cases = Files.list(Path.of("testdata", "cases"))) {
      for (Path folder : cases.filter(path -> path.getFileName().toString().startsWith("train_metrics_")).sorted().toList()) {
        try (ZipArchive archive = ZipArchive.open(folder.resolve("model.keras"))) {
          assertKept(archive.json("config.json").object("compile_config").get("metrics"), seen);
        }
      }
    }
    assertTrue(seen.size() >= 12, seen.toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
      "Precision | 'thresholds':[0.1,0.2] | one threshold, found 2",
      "F1Score | 'average':null | one score a class",
      "AUC | 'multi_label':true | each label",
      "AUC | 'curve':'PRGAIN' | ROC or PR",
      "AUC | 'summation_method':'middle' | interpolation",
      "R2Score | 'class_aggregation':null | one score a feature",
      "R2Score | 'num_regressors':2 | regressors",
      "MeanIoU | 'num_classes':3,'dtype':'float32' | an integer type",
      "MeanIoU | 'num_classes':3,'axis':0 | another axis",
      "MeanIoU | 'num_classes':0 | 1 to",
      "IoU | 'num_classes':3,'target_class_ids':[3] | one of 3 classes",
      "RecallAtPrecision | 'precision':2 | from 0 to 1",
      "Recall | 'class_id':-2 | index of a class"})
  void whatLogsCannotHoldIsRefusedByName(String type, String options, String reason) {
    String json = "{'class_name':'" + type + "','config':{'name':'m'," + options + "}}";
    JsonObject entry = Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "metric");
    RillException e = assertThrows(RillException.class, () -> FigureReader.metric(entry, "here"));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertTrue(e instanceof UnsupportedException || e.getMessage().contains("metric"), e.getMessage());
  }
}
