package dev.rill.keras;

import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.io.ZipArchive;
import dev.rill.keras.hdf5.Hdf5File;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What Keras has saved, as it lies on disk: an archive, a folder, one HDF5 file, several of them with a list, or the configuration
 * alone with its weights beside it. What a file is, it says itself; its name does not matter.
 */
final class StoredModel implements Closeable {
  static final String CONFIG = "config.json";
  static final String METADATA = "metadata.json";
  static final String WEIGHTS = "model.weights.h5";
  private static final String NPZ_WEIGHTS = "model.weights.npz";
  private static final String LIST = "weight_map";
  private static final int MAX_SHARDS = 500;
  /** What messages call a model without a file. */
  static final String GIVEN = "the given data";
  private static final String[] BESIDE = {".weights.h5", ".h5", ".hdf5", "_weights.h5", ".weights.json"};

  private final Path file;
  private final String place;
  private final List<Closeable> open = new ArrayList<>();
  private final List<Hdf5Group> roots = new ArrayList<>();
  private JsonObject config;
  private String version = "3";
  /** Whether a file of HDF5 stands for itself, so that it may be of the form before Keras 3. */
  private boolean maybeLegacy;
  /** The file that holds the weights, or the first of several. */
  private Path weights;

  private StoredModel(Path file, String place) {
    this.file = file;
    this.place = place;
    weights = file;
  }

  /**
   * Opens what has been saved; reads the configuration, but no weights.
   *
   * @param file a file or folder
   * @throws UnsupportedException if it is a model of another library, by name
   * @throws FormatException if it is damaged or something else
   * @throws IOException if it cannot be read
   */
  static StoredModel open(Path file) throws IOException {
    StoredModel model = new StoredModel(file, FileKind.name(file));
    try {
      model.read();
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Opens what has been saved into one file, of which the content is given.
   *
   * @param content all bytes; not copied, and not to be changed while it is read
   * @throws UnsupportedException if it is a model of another library, by name
   * @throws FormatException if it is damaged or something else
   * @throws IOException never
   */
  static StoredModel open(byte[] content) throws IOException {
    StoredModel model = new StoredModel(null, GIVEN);
    ByteSource source = ByteSource.of(content);
    switch (FileKind.of(source.read(0, Math.min(FileKind.HEAD, content.length)), content.length, GIVEN)) {
      case HDF5 -> model.hdf5(source, GIVEN);
      case ZIP -> model.archive(ZipArchive.open(source, GIVEN));
      default -> throw new UnsupportedException(GIVEN + " is JSON without weights, which are in a file beside it: load it by its path");
    }
    return model;
  }

  private void read() throws IOException {
    switch (FileKind.of(file)) {
      case HDF5 -> hdf5(file);
      case ZIP -> archive(ZipArchive.open(file));
      case FOLDER -> folder();
      default -> json();
    }
  }

  private void hdf5(Path source) throws IOException {
    hdf5(ByteSource.open(source), FileKind.name(source));
  }

  private void hdf5(ByteSource source, String name) throws IOException {
    Hdf5Group root = root(source, name);
    maybeLegacy = true;
    if (config == null && root.attributes().has("model_config")) {
      version = root.attributes().has("keras_version") ? root.attributes().string("keras_version") : "1";
      byte[] text = root.attributes().utf8("model_config");
      config = LegacyCompile.attach(Json.parseObject(text, place + " model_config"), root, version, place);
    }
  }

  private Hdf5Group root(ByteSource source, String name) throws IOException {
    open.add(source);
    Hdf5Group root = Hdf5File.open(source, name).root();
    roots.add(root);
    return root;
  }

  private void archive(ZipArchive archive) throws IOException {
    open.add(archive);
    if (archive.has(METADATA)) {
      version(archive.json(METADATA));
    }
    if (!archive.has(CONFIG) && !archive.has(WEIGHTS)) {
      throw otherArchive(archive.names());
    }
    config = archive.json(CONFIG);
    if (!archive.has(WEIGHTS) && archive.has(NPZ_WEIGHTS)) {
      throw npz();
    }
    roots.add(Hdf5File.open(archive.source(WEIGHTS), archive.place(WEIGHTS)).root());
  }

  private void folder() throws IOException {
    if (Files.exists(file.resolve(METADATA))) {
      version(document(file.resolve(METADATA), place + '/' + METADATA));
    }
    config = document(file.resolve(CONFIG), place + '/' + CONFIG);
    weights = file.resolve(WEIGHTS);
    if (!Files.exists(weights) && Files.exists(file.resolve(NPZ_WEIGHTS))) {
      throw npz();
    }
    root(ByteSource.open(weights), FileKind.name(weights));
  }

  private UnsupportedException npz() {
    return new UnsupportedException(place + " keeps its weights in " + NPZ_WEIGHTS + " (weights_format=\"npz\"), which needs "
        + "Python's pickle: load it in Keras " + version + " and save it without that option");
  }

  private void version(JsonObject metadata) {
    version = metadata.string("keras_version", version);
  }

  private UnsupportedException otherArchive(Set<String> names) {
    for (String name : names) {
      if (name.endsWith("data.pkl")) {
        return FileKind.weightsOf(place, "a file of PyTorch", "with torch.load");
      }
    }
    return new UnsupportedException(place + " is a zip archive, but not one of Keras: it has no " + CONFIG + " and no " + WEIGHTS);
  }

  private void json() throws IOException {
    JsonObject document = document(file, place);
    if (document.has(LIST)) {
      shards(document);
      return;
    }
    version(document);
    config = document;
    beside();
  }

  /** The weights of a configuration: a file beside it whose name begins like its own. */
  private void beside() throws IOException {
    String stem = place.endsWith(".json") ? place.substring(0, place.length() - ".json".length()) : place;
    List<Path> found = new ArrayList<>();
    for (String end : BESIDE) {
      Path candidate = file.resolveSibling(stem + end);
      if (Files.isRegularFile(candidate) && !candidate.equals(file)) {
        found.add(candidate);
      }
    }
    if (found.size() != 1) {
      throw new UnsupportedException(place + " holds the configuration of a model (to_json) and no weights: expected them beside "
          + "it in one file, " + stem + BESIDE[0] + " or " + stem + BESIDE[1] + ", found " + (found.isEmpty() ? "none" : found));
    }
    weights = found.get(0);
    if (FileKind.of(weights) == FileKind.JSON) {
      shards(document(weights, FileKind.name(weights)));
    } else {
      hdf5(weights);
    }
  }

  /** Weights in several files, which lie beside the list of them. */
  private void shards(JsonObject list) throws IOException {
    JsonObject map = list.object(LIST);
    Set<String> names = new LinkedHashSet<>();
    for (String group : map.names()) {
      if (map.get(group) instanceof JsonArray several) {
        for (int i = 0; i < several.size(); i++) {
          names.add(several.string(i));
        }
      } else {
        names.add(map.string(group));
      }
      if (names.size() > MAX_SHARDS) {
        throw new UnsupportedException(map.place() + ": the weights are in more than " + MAX_SHARDS + " files");
      }
    }
    Path listFile = weights;
    for (String name : names) {
      Path shard = shard(listFile, name, map.place());
      root(ByteSource.open(shard), FileKind.name(shard));
    }
    if (roots.isEmpty()) {
      throw new FormatException(map.place() + ": the list of files with weights is empty");
    }
  }

  private static Path shard(Path list, String name, String at) {
    try {
      Path shard = Path.of(name);
      boolean plain = !name.isEmpty() && !name.equals(".") && !name.equals("..") && name.indexOf('\\') < 0;
      if (plain && shard.getNameCount() == 1 && !shard.isAbsolute()) {
        return list.resolveSibling(shard);
      }
    } catch (InvalidPathException e) {
      throw new FormatException(at + ": " + e.getMessage());
    }
    throw new FormatException(at + ": expected the names of files in the same folder, found " + name);
  }

  private static JsonObject document(Path source, String name) throws IOException {
    try (ByteSource bytes = ByteSource.open(source)) {
      JsonValue document = Json.parse(bytes, name);
      if (document instanceof JsonString text) {
        // Python's json.dump of what to_json gives, which is text already.
        return Json.parseObject(text.value().getBytes(StandardCharsets.UTF_8), name);
      }
      if (document instanceof JsonObject object) {
        return object;
      }
      throw new FormatException(name + ": expected an object, found " + document.describe());
    }
  }

  /** What messages call it. */
  String place() {
    return place;
  }

  /** The configuration of the model. */
  JsonObject config() {
    if (config == null) {
      String stem = place.replaceAll("(\\.weights)?\\.(h5|hdf5|json)$", "");
      throw new FormatException(place + " holds weights but no model: build the model in Java and call loadWeights, or write what "
          + "Keras' to_json() gives into " + stem + ".json beside it and load that");
    }
    return config;
  }

  /** The version of Keras that wrote it. */
  String version() {
    return version;
  }

  /** Whether Keras 3 or later wrote it. */
  boolean modern() {
    return !version.startsWith("0") && !version.startsWith("1") && !version.startsWith("2");
  }

  /** Finds the weights of a model of some structure. */
  WeightSource weights(Graph graph) throws IOException {
    boolean legacy = maybeLegacy && !ObjectWeights.isIn(roots.get(0));
    return legacy ? new LegacyWeights(roots.get(0), graph, place) : new ObjectWeights(roots, graph, place);
  }

  /** The groups in which an optimizer's variables may be. */
  List<Hdf5Group> roots() {
    return roots;
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : open) {
      each.close();
    }
  }
}
