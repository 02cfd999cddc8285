package dev.rill.keras;

import dev.rill.io.ByteSource;
import dev.rill.io.HeapRoom;
import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.io.ZipArchive;
import dev.rill.layers.Graph;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Weights;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Optimizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that Keras wrote: {@code .keras} archives, {@code .weights.h5}, legacy {@code .h5} models.
 *
 * <p>Nothing is executed and nothing is believed: a layer or option that is not known is refused by name, a size in the
 * configuration is held against the data before memory is taken for it.
 */
public final class KerasFile {
  private static final int TEXT_LIMIT = 64 << 20;
  private static final String CONFIG = "config.json";
  private static final String METADATA = "metadata.json";
  private static final String WEIGHTS = "model.weights.h5";

  private KerasFile() {}

  /**
   * How a model was compiled.
   *
   * @param optimizer as described when it was saved
   * @param losses one an output, or one for all
   * @param metrics may be empty
   */
  public record Compiled(Optimizer optimizer, List<Loss> losses, List<Metric> metrics) {}

  /** A model as a file holds it. */
  public static final class Content {
    private final Graph graph;
    private final Weights weights;
    private final JsonObject config;

    private Content(Graph graph, Weights weights, JsonObject config) {
      this.graph = graph;
      this.weights = weights;
      this.config = config;
    }

    /**
     * The structure.
     *
     * @return layers and who feeds whom
     */
    public Graph graph() {
      return graph;
    }

    /**
     * The weights.
     *
     * @return in their layout
     */
    public Weights weights() {
      return weights;
    }

    /**
     * How the model was compiled; read only when it is asked for, so that it cannot keep a model from being served.
     *
     * @return optimizer, losses, metrics
     * @throws dev.rill.tensor.RillException if it was not compiled
     * @throws dev.rill.tensor.UnsupportedException if Rill does not know a part of it, by name
     */
    public Compiled compiled() {
      return CompileReader.read(config);
    }
  }

  /**
   * Loads a model.
   *
   * @param file a {@code .keras} archive or a legacy {@code .h5} model
   * @return structure and weights
   * @throws IOException if the file cannot be read
   * @throws FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know
   */
  public static Content load(Path file) throws IOException {
    String place = file.getFileName().toString();
    if (isHdf5(file)) {
      try (ByteSource source = ByteSource.open(file)) {
        Hdf5Group root = Hdf5File.open(source, place).root();
        if (!root.attributes().has("model_config")) {
          throw new FormatException(place + " holds weights but no model: build the model in Java and call loadWeights");
        }
        String version = root.attributes().has("keras_version") ? root.attributes().string("keras_version") : "1";
        byte[] config = root.attributes().string("model_config").getBytes(StandardCharsets.UTF_8);
        JsonObject model = Json.parseObject(config, place + " model_config");
        Graph graph = ModelReader.read(model, version);
        return content(graph, new LegacyWeights(root, graph), model, place);
      }
    }
    try (ZipArchive archive = ZipArchive.open(file)) {
      String version = "3";
      if (archive.has(METADATA)) {
        JsonObject metadata = Json.parseObject(archive.bytes(METADATA, TEXT_LIMIT), archive.place(METADATA));
        version = metadata.string("keras_version", version);
      }
      JsonObject config = Json.parseObject(archive.bytes(CONFIG, TEXT_LIMIT), archive.place(CONFIG));
      Graph graph = ModelReader.read(config, version);
      return content(graph, archived(archive, graph), config, place);
    }
  }

  /**
   * Loads the weights of a model that exists already.
   *
   * @param file {@code .weights.h5}, {@code .keras} or a legacy {@code .h5}
   * @param graph the model's structure
   * @param weights filled from the file
   * @throws IOException if the file cannot be read
   * @throws FormatException if its content is damaged or does not fit the structure
   */
  public static void loadWeights(Path file, Graph graph, Weights weights) throws IOException {
    String place = file.getFileName().toString();
    if (isHdf5(file)) {
      try (ByteSource source = ByteSource.open(file)) {
        Hdf5Group root = Hdf5File.open(source, place).root();
        WeightSource found = root.has("layers") ? new ObjectWeights(root, graph) : new LegacyWeights(root, graph);
        found.check(weights);
        found.read(weights);
      }
      return;
    }
    try (ZipArchive archive = ZipArchive.open(file)) {
      WeightSource found = archived(archive, graph);
      found.check(weights);
      found.read(weights);
    }
  }

  private static WeightSource archived(ZipArchive archive, Graph graph) throws IOException {
    return new ObjectWeights(Hdf5File.open(archive.source(WEIGHTS), archive.place(WEIGHTS)).root(), graph);
  }

  /** Takes memory for the weights only after every data set has been found with the size that is expected. */
  private static Content content(Graph graph, WeightSource source, JsonObject config, String place) throws IOException {
    Weights layout = layout(graph, place);
    source.check(layout);
    Weights weights = layout.over(HeapRoom.floats(layout.size(), "the weights of " + place));
    source.read(weights);
    return new Content(graph, weights, config);
  }

  /** Where the weights of a file's model would lie. */
  static Weights layout(Graph graph, String place) {
    try {
      return Weights.layout(graph.variables());
    } catch (ShapeException e) {
      throw new FormatException(place + ": " + e.getMessage());
    }
  }

  private static boolean isHdf5(Path file) throws IOException {
    try (ByteSource source = ByteSource.open(file)) {
      if (source.size() < 8) {
        throw new FormatException(file.getFileName() + " has " + source.size() + " bytes: expected a Keras file");
      }
      ByteBuffer magic = ByteBuffer.allocate(4);
      source.read(0, magic);
      return magic.get(0) == (byte) 0x89 && magic.get(1) == 'H' && magic.get(2) == 'D' && magic.get(3) == 'F';
    }
  }
}
