package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.io.ZipArchive;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Constraint;
import dev.rill.variables.Initializer;
import dev.rill.variables.Regularizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models with masks and embeddings that are described in Java and saved. They stay in {@code target/saved}, with inputs and
 * outputs beside them, where {@code testdata/check_saved.py} shows them to Keras.
 */
class MadeFilesTest {
  @TempDir
  Path temporary;

  /** Masks in all the ways that functional models can have them; some layers have the names of operations. */
  static Map<String, Model> made() {
    Symbol a = Input.shape(Shape.UNKNOWN, 2);
    Symbol b = Input.shape(Shape.UNKNOWN, 3);
    Symbol c = new Masking(0.5).apply(b);
    Masking masking = new Masking(0.1);
    Symbol joined = new Concatenate().apply(List.of(new LSTM(2).returnSequences(true).apply(masking.apply(a)), c));
    Symbol unmasked = new Concatenate(2).apply(List.of(joined, b, masking.apply(a)));
    Symbol deep = new Concatenate().apply(List.of(joined, c));
    Symbol ids = Input.shape(Shape.UNKNOWN);
    Symbol h = Input.shape(3);
    Symbol vectors = new Embedding(4, 2).maskZero(true).embeddingsRegularizer(Regularizer.l2(0.5)).trainable(false).apply(ids);
    Symbol seen = new Dropout(0.5).noiseShape(Shape.UNKNOWN, 1, Shape.UNKNOWN).seed(3).apply(vectors);
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("joined", Model.of(List.of(a, b), List.of(
        new TimeDistributed(new Dense(2)).named("any").apply(new GRU(2).returnSequences(true).named("not_equal_1").apply(deep)),
        new GRU(2).named("logical_or").apply(unmasked))));
    models.put("ids", Model.of(List.of(ids, h), List.of(new GRU(3).call(seen, h).get(0), new SimpleRNN(2).apply(vectors))));
    models.put("repeated", Sequential.of(Input.shape(4, 2), new Masking(), new LSTM(3), new RepeatVector(2), new GRU(2)));
    return models;
  }

  @Test
  void aModelMadeInJavaComesBackToTheBit() throws IOException {
    Files.createDirectories(SavedFilesTest.SAVED);
    for (Map.Entry<String, Model> made : made().entrySet()) {
      Path file = SavedFilesTest.SAVED.resolve("made_" + made.getKey() + ".keras");
      made.getValue().initialize(11);
      made.getValue().save(file);
      SavedFilesTest.assertSame(made.getValue(), Model.load(file));
      SavedFilesTest.writeArrays("made_" + made.getKey(), made.getValue());
    }
  }

  @Test
  void operationsAreCalledAsKerasCallsThemButForNamesThatAreTaken() throws IOException {
    Path file = temporary.resolve("model.keras");
    made().get("joined").save(file);
    List<String> names = new ArrayList<>();
    try (ZipArchive archive = ZipArchive.open(file)) {
      JsonObject config = Json.parseObject(archive.bytes("config.json", Json.MAX_BYTES), "config.json").object("config");
      for (int i = 0; i < config.array("layers").size(); i++) {
        JsonObject entry = config.array("layers").object(i);
        if (entry.string("module").startsWith("keras.src.ops")) {
          names.add(entry.string("name"));
        }
      }
    }
    assertTrue(names.containsAll(List.of("not_equal", "not_equal_2", "any_1", "any_2", "logical_or_1", "ones_like", "zeros_like",
        "expand_dims", "concatenate_3")), names.toString());
    assertFalse(names.contains("any") || names.contains("not_equal_1") || names.contains("logical_or"), names.toString());
  }

  @Test
  void aMaskThatIsPassedOverIsRefusedByName() {
    Symbol in = Input.shape(Shape.UNKNOWN, 2);
    Symbol out = new LSTM(2).named("deaf").call(List.of(new Masking().apply(in)), List.of(), false).get(0);
    Path file = temporary.resolve("model.keras");
    UnsupportedException e = assertThrows(UnsupportedException.class, () -> Model.of(in, out).save(file));
    assertTrue(e.getMessage().contains("deaf"), e.getMessage());
    assertFalse(Files.exists(file));
  }

  @Test
  void theRulesOfAnEmbeddingAreKept() throws IOException {
    Path file = temporary.resolve("model.keras");
    Embedding embedding = new Embedding(4, 2).embeddingsInitializer(Initializer.ones()).embeddingsRegularizer(Regularizer.l1(0.5))
        .embeddingsConstraint(Constraint.nonNeg()).activityRegularizer(Regularizer.l2(0.25)).trainable(false).named("e");
    Model model = Sequential.of(Input.shape(Shape.UNKNOWN), embedding, new LSTM(2));
    assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, model.layer("e").weights().get(0).toArray());
    model.save(file);
    Embedding read = (Embedding) Model.load(file).layer("e").layer();
    assertEquals(embedding.embeddingsRules(), read.embeddingsRules());
    assertEquals(embedding.activityRegularizer(), read.activityRegularizer());
    assertFalse(read.trainable());
  }
}
