package dev.rill.keras;

import dev.rill.io.HeapRoom;
import dev.rill.io.JsonObject;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.layers.Graph;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.Trainer;
import dev.rill.variables.Variable;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/**
 * Files of Keras: {@code .keras} archives and {@code .weights.h5} in and out; legacy {@code .h5} models, folders that Keras saved with
 * {@code zipped=False}, weights in several files and the JSON of {@code to_json} beside its weights in. A file is what its first
 * bytes say; models of other libraries are refused by name.
 *
 * <p>Nothing is executed and nothing is believed: a layer or option that is not known is refused by name, a size in the
 * configuration is held against the data before memory is taken for it.
 */
public final class KerasFile {
  private static final String EXTRA = "what else to save";

  private KerasFile() {}

  /**
   * How a model was compiled.
   *
   * @param optimizer as described when it was saved
   * @param objectives losses and metrics, those of each output
   */
  public record Compiled(Optimizer optimizer, Objectives objectives) {}

  /**
   * What a file holds beside structure and weights.
   *
   * @param compileConfig how the model was compiled, as Keras writes it; null if it was not
   * @param optimizer what the optimizer remembers, in Keras' order; null for nothing
   * @param saved when the model was saved; null for now, which is the one thing that makes two files of one model differ
   */
  public record Extra(JsonObject compileConfig, List<KerasVariable> optimizer, LocalDateTime saved) {
    /** Nothing: a model that was not compiled, saved now. */
    public static final Extra NONE = new Extra(null, null, null);

    /**
     * That of a model in training: how it is compiled, and what its optimizer remembers.
     *
     * @param graph its structure
     * @param trainer what trains it
     * @return without a copy of what the optimizer remembers: to be written before the next update
     * @throws dev.rill.tensor.UnsupportedException if Keras' files cannot hold a part of it, a schedule of its own for example
     */
    public static Extra of(Graph graph, Trainer trainer) {
      Require.given(graph, "the structure");
      Require.given(trainer, "the trainer");
      return new Extra(CompileWriter.write(graph, trainer), OptimizerVariables.write(trainer), null);
    }

    /**
     * The part of it that a file of weights holds.
     *
     * @param trainer what trains it
     * @return what its optimizer remembers, not copied: to be written before the next update
     */
    public static Extra ofOptimizer(Trainer trainer) {
      return new Extra(null, OptimizerVariables.write(Require.given(trainer, "the trainer")), null);
    }
  }

  /** A model as a file holds it. */
  public static final class Content {
    private final Graph graph;
    private final Weights weights;
    private final JsonObject config;
    /** The version of Keras that wrote the file, if it is older than 3. */
    private final LegacyVersion before;
    private List<KerasVariable> variables;
    /** Why there are none. */
    private RillException refusal;

    private Content(Graph graph, Weights weights, JsonObject config, LegacyVersion before) {
      this.graph = graph;
      this.weights = weights;
      this.config = config;
      this.before = before;
    }

    /** Returns the model's name and how large it is. */
    @Override
    public String toString() {
      return "Content of " + PlainText.shown(graph.name()) + ", " + weights.size() + " weights" + (config == null ? "" : ", compiled");
    }

    /** What is wrong with an optimizer does not keep its model from being served. */
    private void readOptimizer(StoredModel stored, WeightSource source) throws IOException {
      try {
        variables = before == null ? OptimizerSource.read(stored, weights, CompileReader.variablesAround(config))
            : legacyVariables(stored, source);
      } catch (RillException e) {
        refusal = e;
      }
    }

    private List<KerasVariable> legacyVariables(StoredModel stored, WeightSource source) throws IOException {
      JsonObject compile = CompileReader.config(config);
      if (compile == null) {
        return List.of();
      }
      List<Hdf5Dataset> found = OptimizerSource.checked(stored, weights);
      Optimizer optimizer = LegacyOptimizer.read(compile, before);
      if (source instanceof LegacyWeights old) {
        old.refuseSums();
        if (!LegacyOptimizer.isNew(compile)) {
          return LegacyOptimizerVariables.read(found, old, optimizer, before.byName());
        }
      }
      // Of the old ones Keras 2 put none into an archive.
      return LegacyOptimizerVariables.ofNew(found, optimizer);
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
      return CompileReader.read(config, graph, before);
    }

    /**
     * How the model was compiled, as Keras 3 says it: as the file does, known to Rill or not. What Keras 1 or 2 wrote is carried over.
     *
     * @return null if it was not compiled, or cannot be carried over; of a {@code LossScaleOptimizer} the optimizer inside
     */
    public JsonObject compileConfig() {
      if (before == null) {
        return CompileReader.config(config);
      }
      if (refusal != null) {
        return null;
      }
      try {
        Compiled compiled = compiled();
        return CompileWriter.write(graph, compiled.optimizer(), compiled.optimizer().learningRate(),
            compiled.objectives().at(graph.outputNames()));
      } catch (RillException e) {
        return null;
      }
    }

    /**
     * What the optimizer remembered.
     *
     * @return its variables in Keras' order: iterations, the learning rate unless a schedule gives it, then its slots;
     *     empty if the file has none. What Keras 1 or 2 wrote is carried over to them
     * @throws RillException if they did not fit into the heap, or were left out by {@link KerasFile#loadForInference}
     * @throws FormatException if they are damaged, or more or larger ones than the model can have
     * @throws dev.rill.tensor.UnsupportedException if Keras 1 or 2 wrote them and they cannot be carried over
     */
    public List<KerasVariable> optimizerVariables() {
      if (refusal != null) {
        throw refusal;
      }
      if (variables == null) {
        throw new RillException("the model was loaded for inference, without what its optimizer remembers: use load");
      }
      return variables;
    }
  }

  /**
   * Lets an optimizer go on from what a file remembers.
   *
   * @param variables from {@link Content#optimizerVariables}
   * @param trainer compiled as the file says; it starts anew if the optimizer had made no update
   * @throws FormatException if they are another optimizer's; nothing has changed then
   */
  public static void resume(List<KerasVariable> variables, Trainer trainer) {
    OptimizerVariables.read(Require.all(variables, "the variables"), Require.given(trainer, "the trainer"));
  }

  /**
   * Loads a model, with all that its optimizer remembers, which for most is twice as much as the weights. The file is needed no
   * more afterwards.
   *
   * @param file a {@code .keras} archive or the same as a folder, a legacy {@code .h5} model, or the JSON of {@code to_json} with
   *     one file of weights beside it that is called as it is but for its end
   * @return structure and weights
   * @throws IOException if the file cannot be read
   * @throws FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, or is a model of another
   *     library
   * @throws RillException if the heap is too small
   */
  public static Content load(Path file) throws IOException {
    return load(file, true);
  }

  /**
   * Loads a model, but not what its optimizer remembers.
   *
   * @param file as for {@link #load}
   * @return structure and weights
   * @throws IOException if the file cannot be read
   * @throws FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, or is a model of another
   *     library
   * @throws RillException if the heap is too small
   */
  public static Content loadForInference(Path file) throws IOException {
    return load(file, false);
  }

  /**
   * Loads a model from the content of one file.
   *
   * @param content of a {@code .keras} archive or a legacy {@code .h5} model; not copied
   * @param optimizer whether to load what the optimizer remembers, too
   * @return structure and weights
   * @throws FormatException if it is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, or is a model of another
   *     library
   * @throws RillException if the heap is too small
   */
  public static Content load(byte[] content, boolean optimizer) {
    try (StoredModel stored = StoredModel.open(Require.given(content, "the content of a file"))) {
      return load(stored, optimizer);
    } catch (OutOfMemoryError e) {
      throw HeapRoom.exhausted(StoredModel.GIVEN);
    } catch (IOException e) {
      throw new FormatException(StoredModel.GIVEN + ": " + e.getMessage());
    }
  }

  private static Content load(Path file, boolean optimizer) throws IOException {
    try (StoredModel stored = StoredModel.open(file)) {
      return load(stored, optimizer);
    } catch (OutOfMemoryError e) {
      throw HeapRoom.exhausted(FileKind.name(file));
    }
  }

  private static Content load(StoredModel stored, boolean optimizer) throws IOException {
    JsonObject config = stored.config();
    Graph graph = ModelReader.read(config, stored.version());
    WeightSource source = stored.weights(graph);
    LegacyVersion before = stored.modern() ? null : LegacyVersion.of(stored.version());
    Content content = new Content(graph, read(graph, source, stored.place()), config, before);
    if (optimizer) {
      content.readOptimizer(stored, source);
    }
    return content;
  }

  /**
   * Loads the weights of a model that exists already.
   *
   * @param file {@code .weights.h5}, the list of several such files ({@code .weights.json}), or whatever {@link #load} takes
   * @param graph the model's structure
   * @param weights filled from the file
   * @throws IOException if the file cannot be read
   * @throws FormatException if its content is damaged or does not fit the structure
   * @throws dev.rill.tensor.UnsupportedException if it is a model of another library
   */
  public static void loadWeights(Path file, Graph graph, Weights weights) throws IOException {
    checkLayout(graph, weights);
    try (StoredModel stored = StoredModel.open(file)) {
      WeightSource found = stored.weights(graph);
      found.check(weights);
      found.read(weights);
    } catch (OutOfMemoryError e) {
      throw HeapRoom.exhausted(FileKind.name(file));
    }
  }

  /**
   * Saves a model, to be loaded by Keras 3 and by {@link #load}: beside its place first, then moved into it, so that it is
   * there whole or not at all. The weights go to the file from where they are.
   *
   * @param file its name ends in {@code .keras}, or Keras would not load it
   * @param graph the structure
   * @param weights in their layout
   * @param extra what else to save
   * @throws RillException if the name ends otherwise
   * @throws dev.rill.tensor.UnsupportedException if a layer cannot be written, by name, or the file would exceed 4 GB
   * @throws IOException if writing fails; what was there before is as it was then
   */
  public static void save(Path file, Graph graph, Weights weights, Extra extra) throws IOException {
    requireEnd(file, ".keras");
    checkLayout(graph, weights);
    Require.given(extra, EXTRA);
    KerasWriter.save(file, graph, weights, extra);
  }

  /**
   * Refuses what {@link #save} would refuse, without a file.
   *
   * @param graph the structure
   * @param extra what else to save
   * @throws dev.rill.tensor.UnsupportedException if a layer, or a part of how the model is compiled, cannot be written, by name
   */
  public static void checkSave(Graph graph, Extra extra) {
    ModelWriter.write(Require.given(graph, "the structure"), Require.given(extra, EXTRA).compileConfig());
  }

  /**
   * Saves weights, to be loaded by Keras' {@code load_weights} and by {@link #loadWeights}: beside their place first, then
   * moved into it, so that they are there whole or not at all.
   *
   * @param file its name ends in {@code .weights.h5}, or Keras would not load it
   * @param graph the structure
   * @param weights in their layout
   * @param extra of which the optimizer's variables are saved
   * @throws RillException if the name ends otherwise
   * @throws IOException if writing fails; what was there before is as it was then
   */
  public static void saveWeights(Path file, Graph graph, Weights weights, Extra extra) throws IOException {
    requireEnd(file, ".weights.h5");
    checkLayout(graph, weights);
    Require.given(extra, EXTRA);
    KerasWriter.saveWeights(file, graph, weights, extra);
  }

  /** Refuses weights that are missing, or of another model than the structure. */
  private static void checkLayout(Graph graph, Weights weights) {
    Map<String, List<Variable>> layers = Require.given(graph, "the structure").variables();
    boolean fits = Require.given(weights, "the weights").layers().equals(List.copyOf(layers.keySet()));
    for (Map.Entry<String, List<Variable>> layer : layers.entrySet()) {
      fits = fits && weights.slices(layer.getKey()).size() == layer.getValue().size();
    }
    if (!fits) {
      throw new RillException("the weights are those of layers " + weights.layers() + ": expected those of " + layers.keySet());
    }
    Require.given(weights.values(), "the values of the weights");
  }

  private static void requireEnd(Path file, String end) {
    if (!FileKind.name(file).endsWith(end)) {
      throw new RillException("expected a file whose name ends in " + end + ", got " + FileKind.name(file)
          + ": Keras tells its files apart by their names");
    }
  }

  /** Takes memory for the weights only after every data set has been found with the size that is expected. */
  private static Weights read(Graph graph, WeightSource source, String place) throws IOException {
    Weights layout = layout(graph, place);
    source.check(layout);
    Weights weights = layout.over(HeapRoom.floats(layout.size(), "the weights of " + place));
    source.read(weights);
    return weights;
  }

  /** Where the weights of a file's model would lie. */
  static Weights layout(Graph graph, String place) {
    try {
      return Weights.layout(graph.variables());
    } catch (ShapeException e) {
      throw new FormatException(place + ": " + e.getMessage());
    }
  }
}
