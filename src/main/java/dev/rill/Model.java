package dev.rill;

import dev.rill.keras.KerasFile;
import dev.rill.layers.FreshWeights;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Plan;
import dev.rill.layers.Recurrent;
import dev.rill.layers.StateBuffer;
import dev.rill.layers.Symbol;
import dev.rill.layers.Workspace;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A model as Keras knows it: described or loaded, called on whole batches, its stateful layers carrying their state from
 * call to call. For one thread; to serve streams, {@link #freeze()} it.
 *
 * <p>Where Keras is dangerous this is safe: the first call fixes the batch size of a stateful model and
 * {@link #resetStates()} frees it; a batch of another size is an error before anything changes, never a broadcast; in a
 * stateless model the last batch may be short.
 */
public class Model {
  private static final int BATCH_SIZE = 32;

  private final Graph graph;
  private final Weights weights;
  private final boolean stateful;
  private Plan plan;
  private Workspace workspace;
  private StateBuffer state;
  /** Whether the next call may have any batch size. */
  private boolean free = true;

  Model(Graph graph) {
    this(graph, zeros(graph));
    initialize(0);
  }

  private Model(Graph graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
    boolean any = false;
    for (Layer layer : graph.layers()) {
      any |= isStateful(layer);
    }
    stateful = any;
  }

  private static Weights zeros(Graph graph) {
    Weights layout = Weights.layout(graph.variables());
    return layout.over(new float[layout.size()]);
  }

  private static boolean isStateful(Layer layer) {
    return layer instanceof Recurrent<?> recurrent && recurrent.stateful();
  }

  /**
   * Builds a model from symbols.
   *
   * @param input where it starts, from {@link Input}
   * @param output where it ends
   * @return a model with fresh weights, see {@link #initialize}
   * @throws RillException if the output does not depend on this input alone, or names collide
   */
  public static Model of(Symbol input, Symbol output) {
    return of(List.of(input), List.of(output));
  }

  /**
   * Builds a model of several inputs or outputs from symbols.
   *
   * @param inputs where it starts
   * @param outputs where it ends
   * @return a model with fresh weights, see {@link #initialize}
   * @throws RillException if an output depends on an input that is not listed, or names collide
   */
  public static Model of(List<Symbol> inputs, List<Symbol> outputs) {
    return new Model(Graph.functional("functional", inputs, outputs));
  }

  /**
   * Loads a model that Keras saved: {@code .keras}, or a legacy {@code .h5} with its configuration.
   *
   * @param file the file
   * @return the model with its weights
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Model load(Path file) throws IOException {
    KerasFile.Content content = KerasFile.load(file);
    return new Model(content.graph(), content.weights());
  }

  /**
   * Loads weights into this model: {@code .weights.h5}, {@code .keras}, or a legacy {@code .h5}. Layers are matched as
   * Keras matches them, by class and order, not by name.
   *
   * @param file the file
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if its content is damaged or does not fit this model; nothing has changed then
   */
  public void loadWeights(Path file) throws IOException {
    Weights loaded = weights.copy();
    KerasFile.loadWeights(file, graph, loaded);
    System.arraycopy(loaded.values(), 0, weights.values(), 0, loaded.values().length);
    plan = null;
  }

  /**
   * Sets fresh weights: Glorot uniform kernels, orthogonal recurrent kernels, zero biases but for the forget gate's 1.
   *
   * @param seed the same seed gives the same weights everywhere
   */
  public void initialize(long seed) {
    FreshWeights.fill(graph, weights, seed);
    plan = null;
  }

  /**
   * A network with the weights of this moment; training this model further does not change it.
   *
   * @return an immutable network
   */
  public Network freeze() {
    return new Network(Plan.of(graph, weights), weights.fingerprint());
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
   * Name of the model.
   *
   * @return such as {@code sequential}
   */
  public String name() {
    return graph.name();
  }

  /**
   * Whether a layer carries its state from call to call.
   *
   * @return true if one is stateful
   */
  public boolean stateful() {
    return stateful;
  }

  /**
   * The layers in Keras' order.
   *
   * @return this model's layers, input layers included
   */
  public List<ModelLayer> layers() {
    return graph.layers().stream().map(layer -> new ModelLayer(this, layer)).toList();
  }

  /**
   * One layer of this model.
   *
   * @param name its name
   * @return the layer, with its weights and states
   * @throws RillException if there is none
   */
  public ModelLayer layer(String name) {
    for (Layer layer : graph.layers()) {
      if (layer.name().equals(name)) {
        return new ModelLayer(this, layer);
      }
    }
    throw new RillException("there is no layer " + name + "; the layers are "
        + graph.layers().stream().map(Layer::name).toList());
  }

  /** Sets the state of every layer to zero and lets the next call have any batch size. */
  public void resetStates() {
    if (state != null) {
      state.reset();
    }
    free = true;
  }

  /**
   * Runs all rows in batches of 32.
   *
   * @param x input of a model with one input and one output
   * @return output, rows as in {@code x}
   */
  public Tensor predict(Tensor x) {
    return predict(x, BATCH_SIZE);
  }

  /**
   * Runs all rows in batches.
   *
   * @param x input of a model with one input and one output
   * @param batchSize rows in a batch; a stateless model takes a short last one
   * @return output, rows as in {@code x}
   * @throws ShapeException if shapes do not fit, or a batch is not as large as a stateful model's state
   */
  public Tensor predict(Tensor x, int batchSize) {
    return single(predict(List.of(x), batchSize));
  }

  /**
   * Runs all rows in batches.
   *
   * @param x one tensor an input
   * @param batchSize rows in a batch; a stateless model takes a short last one
   * @return one tensor an output
   * @throws ShapeException if shapes do not fit, or a batch is not as large as a stateful model's state
   */
  public List<Tensor> predict(List<Tensor> x, int batchSize) {
    int rows = checkInputs(x);
    if (batchSize < 1) {
      throw new ShapeException("expected a batch size of at least 1, got " + batchSize);
    }
    if (rows == 0) {
      throw new ShapeException("the input has no rows: expected at least one");
    }
    int batch = Math.min(batchSize, rows);
    checkBatch(batch);
    if (stateful && rows % batch != 0) {
      throw new ShapeException("a stateful model runs whole batches only: " + rows + " rows are no multiple of the batch size "
          + batch);
    }
    List<Tensor> y = outputs(x, rows);
    for (int from = 0; from < rows; from += batch) {
      int to = Math.min(rows, from + batch);
      int first = from;
      run(x.stream().map(tensor -> tensor.rows(first, to)).toList(), y.stream().map(tensor -> tensor.rows(first, to)).toList(),
          to - from);
    }
    return y;
  }

  /**
   * Runs one batch.
   *
   * @param x input of a model with one input and one output
   * @return output, rows as in {@code x}
   */
  public Tensor predictOnBatch(Tensor x) {
    return single(predictOnBatch(List.of(x)));
  }

  /**
   * Runs one batch.
   *
   * @param x one tensor an input
   * @return one tensor an output
   * @throws ShapeException if shapes do not fit, or the batch is not as large as a stateful model's state
   */
  public List<Tensor> predictOnBatch(List<Tensor> x) {
    return predict(x, Math.max(1, checkInputs(x)));
  }

  private static Tensor single(List<Tensor> outputs) {
    if (outputs.size() != 1) {
      throw new ShapeException("the model has " + outputs.size() + " outputs: pass its inputs as a list");
    }
    return outputs.get(0);
  }

  /** Returns the number of rows. */
  private int checkInputs(List<Tensor> x) {
    if (x.size() != graph.inputs().size()) {
      throw new ShapeException("the model has " + graph.inputs().size() + " inputs, got " + x.size());
    }
    int rows = x.get(0).shape().axis(0);
    for (int i = 0; i < x.size(); i++) {
      Shape expected = graph.shape(graph.inputs().get(i));
      Shape got = x.get(i).shape();
      String name = graph.layerName(graph.inputs().get(i));
      if (!expected.with(0, Shape.UNKNOWN).accepts(got)) {
        throw new ShapeException("input " + name + ": expected shape " + expected + " (batch, "
            + (expected.rank() == 3 ? "time, " : "") + "features), got " + got);
      }
      if (got.axis(0) != rows) {
        throw new ShapeException("input " + name + " has " + got.axis(0) + " rows, another has " + rows);
      }
      if (got.rank() == 3 && got.axis(1) == 0) {
        throw new ShapeException("input " + name + " has no time step: expected at least one");
      }
    }
    return rows;
  }

  private void checkBatch(int batch) {
    if (stateful && !free && state.rows() != batch) {
      throw new ShapeException("the model is stateful, so the batch size must stay that of its state: expected batch size "
          + state.rows() + ", received batch size " + batch + "; resetStates() frees it");
    }
  }

  private List<Tensor> outputs(List<Tensor> x, int rows) {
    Tensor[] y = new Tensor[graph.outputs().size()];
    for (int i = 0; i < y.length; i++) {
      int source = plan().timeSource(i);
      int width = plan().outputWidth(i);
      y[i] = source < 0 ? Tensor.zeros(rows, width) : Tensor.zeros(rows, x.get(source).shape().axis(1), width);
    }
    return List.of(y);
  }

  private void run(List<Tensor> x, List<Tensor> y, int rows) {
    if (state == null || state.rows() != rows) {
      state = plan().state(rows);
    }
    free = false;
    for (Layer layer : graph.layers()) {
      if (layer instanceof Recurrent<?> && !isStateful(layer)) {
        state.reset(layer.name());
      }
    }
    for (int i = 0; i < x.size(); i++) {
      Tensor t = x.get(i);
      int steps = t.shape().rank() == 3 ? t.shape().axis(1) : 1;
      workspace.input(i, t.array(), t.offset(), t.stride(), plan().inputWidth(i), steps);
    }
    for (int i = 0; i < y.size(); i++) {
      Tensor t = y.get(i);
      workspace.output(i, t.array(), t.offset(), t.stride(), plan().outputWidth(i));
    }
    plan().run(workspace, state, null, rows);
  }

  private Plan plan() {
    if (plan == null) {
      plan = Plan.of(graph, weights);
      workspace = plan.workspace();
    }
    return plan;
  }

  /**
   * A table of the layers in Keras' form.
   *
   * @return several lines
   */
  public String summary() {
    return Summary.of(graph, weights);
  }

  Weights weights() {
    return weights;
  }

  void setWeight(String layer, int variable, Tensor value) {
    weights.set(layer, variable, value);
    plan = null;
  }

  /** Current state of a stateful layer; zeros where the description says the batch size, else none before a call. */
  List<Tensor> states(Recurrent<?> layer) {
    if (!layer.stateful()) {
      return List.of();
    }
    if (state == null) {
      int batch = graph.firstNode(layer).outputs().get(0).axis(0);
      return batch == Shape.UNKNOWN ? List.of() : plan().state(batch).states(layer.name());
    }
    return state.states(layer.name());
  }

  void resetStates(Layer layer) {
    if (state != null) {
      state.reset(layer.name());
    }
  }
}
