package dev.rill;

import dev.rill.engine.InputShapes;
import dev.rill.engine.StateBuffer;
import dev.rill.io.StreamBytes;
import dev.rill.keras.KerasFile;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.Callback;
import dev.rill.training.Checkpoint;
import dev.rill.training.Dataset;
import dev.rill.training.Fit;
import dev.rill.training.History;
import dev.rill.training.Logs;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.Trainer;
import dev.rill.training.TrainingThreads;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model as Keras knows it: described or loaded, called on whole batches, its stateful layers carrying their state from
 * call to call. For one thread at a time: while a call is under way, from the first to the last batch of a {@code fit}, calls from
 * other threads are refused with a {@link dev.rill.tensor.StateException}; callbacks, on the thread of {@code fit}, may use the
 * model. To serve streams, {@link #freeze()} it.
 *
 * <p>Where Keras is dangerous this is safe: the first call fixes the batch size of a stateful model and
 * {@link #resetStates()} frees it; a batch of another size is an error before anything changes, never a broadcast; in a
 * stateless model the last batch may be short.
 */
public class Model {
  private static final int BATCH_SIZE = 32;

  private final Graph graph;
  private final Weights weights;
  private final ModelState carried;
  final BatchPredictor forward;
  private final ModelWeights variables;
  private final OneThread use = new OneThread("the model", "freeze it to serve several threads, or give each a model of its own");
  private final CompiledModel learning;

  Model(Graph graph) {
    this(graph, Weights.zeros(graph.variables()));
    initialize(0);
  }

  private Model(KerasFile.Content content) {
    this(content.graph(), content.weights());
    learning.saved(content);
  }

  private Model(Graph graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
    carried = new ModelState(graph, use);
    forward = new BatchPredictor(graph, weights, carried, use);
    variables = new ModelWeights(graph, weights, forward, use);
    learning = new CompiledModel(graph, weights, carried, forward, use);
  }

  /**
   * {@return a model built from symbols, with fresh weights, see {@link #initialize}}
   *
   * @param input where it starts, from {@link Input}
   * @param output where it ends
   * @throws RillException if the output does not depend on this input alone, or names collide
   */
  public static Model of(Symbol input, Symbol output) {
    return of(Arrays.asList(input), Arrays.asList(output));
  }

  /**
   * {@return a model of several inputs or outputs, built from symbols, with fresh weights, see {@link #initialize}}
   *
   * @param inputs where it starts
   * @param outputs where it ends
   * @throws RillException if an output depends on an input that is not listed, or names collide
   */
  public static Model of(List<Symbol> inputs, List<Symbol> outputs) {
    return new Model(Graph.functional("functional", inputs, outputs));
  }

  /**
   * Loads a model that Keras saved: {@code .keras}, or a legacy {@code .h5} with its configuration; what its optimizer remembers,
   * too, which for most is twice as much as the weights and which {@link Network#load} leaves out.
   *
   * @param file the file, needed no more afterwards
   * @return the model with its weights
   * @throws IOException if the file cannot be read
   * @throws dev.rill.tensor.FormatException if its content is damaged or not such a file
   * @throws dev.rill.tensor.UnsupportedException if it holds a layer or option that Rill does not know, by name
   */
  public static Model load(Path file) throws IOException {
    return new Model(KerasFile.load(file));
  }

  /**
   * {@return the model that the content of one file holds, as {@link #load(Path)} loads it}
   *
   * @param content not copied, and needed no more afterwards
   */
  public static Model load(byte[] content) {
    return new Model(KerasFile.load(content, true));
  }

  /**
   * {@return the same from a stream, such as that of a resource: {@code App.class.getResourceAsStream("/model.keras")}}
   *
   * @param stream read to its end and closed; null, as of a resource that is not there, is refused
   * @throws IOException if reading fails
   */
  public static Model load(InputStream stream) throws IOException {
    return load(StreamBytes.read(stream));
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
    variables.load(file);
  }

  /**
   * Saves this model for Keras 3 and for {@link #load}: how it is compiled, too, and what its optimizer remembers, so that
   * training goes on where it was.
   *
   * @param file its name ends in {@code .keras}; it is replaced whole or not at all
   * @throws dev.rill.tensor.UnsupportedException if Keras' files cannot hold a layer or a part of how the model is compiled, by
   *     name; nothing is written then
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    learning.save(file);
  }

  /**
   * Saves the weights, and what the optimizer remembers, for Keras' {@code load_weights} and for {@link #loadWeights}.
   *
   * @param file its name ends in {@code .weights.h5}; it is replaced whole or not at all
   * @throws IOException if writing fails
   */
  public void saveWeights(Path file) throws IOException {
    learning.saveWeights(file);
  }

  /**
   * Sets fresh weights, each variable as its initializer says; the defaults are those of Keras.
   *
   * @param seed the same seed gives the same weights everywhere
   */
  public void initialize(long seed) {
    variables.initialize(seed);
  }

  /**
   * Takes over weights of another model by the names of layers, as copies: for a part of one, see {@link ModelLayer#output}.
   *
   * @param from the other model
   * @param layers layers of this model; none for all that have weights
   * @throws RillException if the other model has no such layer, or one of other variables; nothing has changed then
   */
  public void copyWeights(Model from, String... layers) {
    variables.copy(Require.given(from, "the model to copy from").variables,
        Require.all(layers, "the names of layers").length == 0 ? weights.layers() : List.of(layers));
  }

  /** {@return an immutable network with the weights of this moment; training this model further does not change it} */
  public Network freeze() {
    return freeze(Precision.FLOAT32);
  }

  /**
   * {@return the same with weights of less precision; the model keeps its own}
   *
   * @param precision of the network's weights
   */
  public Network freeze(Precision precision) {
    return variables.freeze(precision);
  }

  /**
   * Lets {@code predict} and {@code predictOnBatch} give what a frozen network of some precision would. Training, evaluating and
   * saving know float32 only.
   *
   * @param precision float32 by default
   */
  public void predictWith(Precision precision) {
    forward.precision(precision);
  }

  /** {@return the structure: layers and who feeds whom} */
  public Graph graph() {
    return graph;
  }

  /** {@return the name of the model, such as {@code sequential}} */
  public String name() {
    return graph.name();
  }

  /** {@return whether a layer carries its state from call to call} */
  public boolean stateful() {
    return carried.stateful();
  }

  /** {@return the layers in Keras' order, input layers included} */
  public List<ModelLayer> layers() {
    return graph.layers().stream().map(this::layer).toList();
  }

  /**
   * {@return one layer of this model, with its weights and states}
   *
   * @param name its name
   * @throws RillException if there is none
   */
  public ModelLayer layer(String name) {
    for (Layer layer : graph.layers()) {
      if (layer.name().equals(name)) {
        return layer(layer);
      }
    }
    throw new RillException("there is no layer " + name + "; the layers are " + weights.layers());
  }

  private ModelLayer layer(Layer layer) {
    return new ModelLayer(graph, layer, variables, carried);
  }

  /** Sets the state of every layer to zero and lets the next call have any batch size. */
  public void resetStates() {
    carried.reset();
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
   * @param batchSize rows that a thread runs at a time; a stateless model takes a short last batch
   * @return output, rows as in {@code x}
   * @throws ShapeException if shapes do not fit, or a batch is not as large as a stateful model's state
   */
  public Tensor predict(Tensor x, int batchSize) {
    return BatchChecks.single(predict(Arrays.asList(x), batchSize));
  }

  /**
   * Runs all rows in batches.
   *
   * @param x one tensor an input
   * @param batchSize rows that a thread runs at a time; a stateless model takes a short last batch
   * @return one tensor an output
   * @throws ShapeException if shapes do not fit, or a batch is not as large as a stateful model's state
   */
  public List<Tensor> predict(List<Tensor> x, int batchSize) {
    return forward.predict(x, batchSize);
  }

  /**
   * {@return the output of one batch, rows as in {@code x}}
   *
   * @param x input of a model with one input and one output
   */
  public Tensor predictOnBatch(Tensor x) {
    return BatchChecks.single(predictOnBatch(Arrays.asList(x)));
  }

  /**
   * Runs one batch.
   *
   * @param x one tensor an input
   * @return one tensor an output
   * @throws ShapeException if shapes do not fit, or the batch is not as large as a stateful model's state
   */
  public List<Tensor> predictOnBatch(List<Tensor> x) {
    return predict(x, Math.max(1, InputShapes.check(graph, x)));
  }

  /** Begins a call of some rows. */
  StateBuffer enter(int rows) {
    return carried.enter(rows);
  }

  /**
   * Prepares training, by the names of Keras and with its defaults.
   *
   * @param optimizer such as {@code rmsprop}
   * @param loss such as {@code categorical_crossentropy}
   * @param metrics such as {@code accuracy}
   */
  public void compile(String optimizer, String loss, String... metrics) {
    compile(Optimizer.named(optimizer), Loss.named(loss), Arrays.stream(metrics).map(Metric::named).toArray(Metric[]::new));
  }

  /**
   * Prepares training.
   *
   * @param optimizer how weights change
   * @param loss of every output
   * @param metrics watched beside it
   */
  public void compile(Optimizer optimizer, Loss loss, Metric... metrics) {
    compile(optimizer, Objectives.of(loss).metrics(metrics));
  }

  /**
   * Prepares training, on the calling thread unless {@link #trainingThreads} says otherwise. What an optimizer remembered before is
   * forgotten; weights and states stay.
   *
   * @param optimizer how weights change
   * @param objectives losses and their weights, metrics with sample weights or without, for each output
   * @throws RillException if the objectives do not fit the outputs
   * @throws dev.rill.tensor.UnsupportedException if a layer cannot be trained, by name
   */
  public void compile(Optimizer optimizer, Objectives objectives) {
    learning.compile(optimizer, objectives);
  }

  /**
   * Prepares training: {@link #trainingThreads} and {@link #compile(Optimizer, Objectives)} in one.
   *
   * @param optimizer how weights change
   * @param objectives losses and their weights, metrics with sample weights or without, for each output
   * @param threads the threads that share the work; their number changes no bit
   * @throws RillException if the objectives do not fit the outputs
   * @throws dev.rill.tensor.UnsupportedException if a layer cannot be trained, by name
   */
  public void compile(Optimizer optimizer, Objectives objectives, TrainingThreads threads) {
    learning.compile(optimizer, objectives, threads);
  }

  /**
   * Sets which threads train, and share the rows that a stateless model predicts; what is compiled and was trained stays as it is.
   *
   * @param threads the calling thread alone by default; their number changes no bit
   * @throws RillException if there are none
   */
  public void trainingThreads(TrainingThreads threads) {
    learning.threads(threads);
  }

  /**
   * {@return what trains this model, as compiled here or when it was saved: its learning rate can be set, and gradients be had alone}
   *
   * @throws RillException if it has not been compiled
   */
  public Trainer trainer() {
    return learning.trainer();
  }

  /**
   * {@return loss and metrics of one update from one batch, see {@link #trainOnBatch(Batch)}; valid until the next call}
   *
   * @param x input of a model with one input and one output
   * @param y its targets
   */
  public Logs trainOnBatch(Tensor x, Tensor y) {
    return trainOnBatch(Batch.of(x, y));
  }

  /**
   * One update from one batch. Stateful layers go on from the state that the call before has left.
   *
   * @param batch inputs, targets, weights, resets
   * @return loss and metrics of this batch, valid until the next call
   * @throws ShapeException if shapes do not fit, or the batch is not as large as a stateful model's state
   */
  public Logs trainOnBatch(Batch batch) {
    return learning.alone(batch, true);
  }

  /**
   * {@return loss and metrics of one batch, valid until the next call} Stateful layers go on from the state of the call before.
   *
   * @param batch inputs, targets, weights, resets
   * @throws ShapeException if shapes do not fit, or the batch is not as large as a stateful model's state
   */
  public Logs testOnBatch(Batch batch) {
    return learning.alone(batch, false);
  }

  /**
   * Loss and metrics of all batches. Stateful layers go on from where they are, as in Keras.
   *
   * @param data such as {@code ArrayData.of(x, y).batchSize(32)}
   * @param callbacks who is told
   * @return loss and metrics
   * @throws ShapeException if shapes do not fit, or a batch is not as large as a stateful model's state
   */
  public Logs evaluate(Dataset data, Callback... callbacks) {
    return learning.evaluate(data, callbacks);
  }

  /**
   * Trains for some epochs; see {@link dev.rill.training.Loop} for what is safer than in Keras.
   *
   * @param x input of a model with one input and one output
   * @param y its targets
   * @param options batch size, epochs, validation, callbacks
   * @return loss and metrics, a value an epoch
   * @throws RillException if data, options and model do not fit; nothing has changed then
   */
  public History fit(Tensor x, Tensor y, Fit options) {
    return fit(Arrays.asList(x), Arrays.asList(y), options);
  }

  /**
   * Trains for some epochs.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param options batch size, epochs, validation, callbacks
   * @return loss and metrics, a value an epoch
   * @throws RillException if data, options and model do not fit; nothing has changed then
   */
  public History fit(List<Tensor> x, List<Tensor> y, Fit options) {
    return learning.fit(x, y, options);
  }

  /**
   * Trains for some epochs on data that bring their own batches.
   *
   * @param data such as {@link dev.rill.training.StreamData}
   * @param options epochs, validation, callbacks
   * @return loss and metrics, a value an epoch
   * @throws RillException if data, options and model do not fit; nothing has changed then
   */
  public History fit(Dataset data, Fit options) {
    return learning.fit(data, options);
  }

  /**
   * Everything that training goes on from, to the same bits; {@link dev.rill.training.BackupAndRestore} does it for {@code fit}.
   *
   * @param epochs how many are done, to be given back as it is
   * @param callbacks whose memory is kept, too, for {@link Fit#resume}
   * @return a copy
   * @throws RillException if the model has not been compiled
   */
  public Checkpoint checkpoint(int epochs, Callback... callbacks) {
    return learning.checkpoint(epochs).with(callbacks);
  }

  /**
   * Goes on from a checkpoint: weights, optimizer, states and counters become its own; {@link Fit#resume} does so for callbacks, too.
   *
   * @param checkpoint of a model like this one, which is compiled with the same optimizer
   * @throws RillException if it is of another structure or optimizer, or this model is not compiled; nothing has changed then
   */
  public void resume(Checkpoint checkpoint) {
    learning.resume(checkpoint);
  }

  /** {@return a table of the layers in Keras' form, several lines} */
  public String summary() {
    return Summary.of(graph, weights);
  }

  Weights weights() {
    return weights;
  }

  /** Returns the name and how large it is. */
  @Override
  public String toString() {
    return "Model " + PlainText.shown(name()) + " of " + graph.layers().size() + " layers, " + weights.size() + " weights";
  }
}
