package dev.rill.keras;

import dev.rill.io.AtomicFile;
import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.io.ZipWriter;
import dev.rill.keras.hdf5.Hdf5Writer;
import dev.rill.layers.Graph;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** Puts a model into the members and groups of a file, in Keras' order and under Keras' names. */
final class KerasWriter {
  private static final String KERAS = "3.15.1";
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'@'HH:mm:ss");

  private KerasWriter() {}

  static void save(Path file, Graph graph, Weights weights, KerasFile.Extra extra) throws IOException {
    LocalDateTime saved = extra.saved() == null ? LocalDateTime.now() : extra.saved();
    JsonObject metadata = JsonObject.EMPTY.with("keras_version", KERAS).with("date_saved", DATE.format(saved));
    JsonObject config = ModelWriter.write(graph, extra.compileConfig());
    try (ZipWriter archive = ZipWriter.create(file)) {
      archive.begin(StoredModel.METADATA);
      archive.write(utf8(metadata));
      archive.begin(StoredModel.CONFIG);
      archive.write(utf8(config));
      archive.begin(StoredModel.WEIGHTS);
      hdf5(graph, weights, extra).write(archive);
      archive.commit();
    }
  }

  static void saveWeights(Path file, Graph graph, Weights weights, KerasFile.Extra extra) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      hdf5(graph, weights, extra).write(target);
      target.commit();
    }
  }

  private static ByteBuffer utf8(JsonObject document) {
    return ByteBuffer.wrap(Json.write(document).getBytes(StandardCharsets.UTF_8));
  }

  private static Hdf5Writer hdf5(Graph graph, Weights weights, KerasFile.Extra extra) {
    Hdf5Writer file = new Hdf5Writer();
    for (Map.Entry<String, ObjectGroups> layer : ObjectGroups.of(graph).entrySet()) {
      layer(file, layer.getValue(), weights.slices(layer.getKey()), weights.values());
    }
    List<KerasVariable> optimizer = extra.optimizer();
    if (optimizer != null && !optimizer.isEmpty()) {
      for (int i = 0; i < optimizer.size(); i++) {
        optimizer.get(i).write(file, "optimizer/vars/" + i);
      }
    }
    file.attribute("vars", "name", graph.name());
    return file;
  }

  /** Every object has a group for its variables, be it empty, with the object's name. */
  private static void layer(Hdf5Writer file, ObjectGroups groups, List<Weights.Slice> slices, float[] values) {
    for (Map.Entry<String, String> object : groups.names().entrySet()) {
      file.attribute(object.getKey(), "name", object.getValue());
    }
    for (int i = 0; i < slices.size(); i++) {
      Weights.Slice slice = slices.get(i);
      file.dataset(groups.variables().get(i), slice.shape(), values, slice.at());
    }
  }
}
