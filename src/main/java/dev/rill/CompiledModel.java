package dev.rill;

import dev.rill.engine.StateBuffer;
import dev.rill.io.JsonObject;
import dev.rill.keras.KerasFile;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNames;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.Callback;
import dev.rill.training.Checkpoint;
import dev.rill.training.Dataset;
import dev.rill.training.Fit;
import dev.rill.training.History;
import dev.rill.training.Logs;
import dev.rill.training.Loop;
import dev.rill.training.Mode;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.Trainable;
import dev.rill.training.Trainer;
import dev.rill.training.TrainingThreads;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** A compiled model as the training loop sees it, which uses the model from its first batch to its last. */
final class CompiledModel implements Trainable {
  /** Layers whose variables are, in Keras, those of a cell inside. */
  private static final Set<String> CELLS = Set.of("LSTM", "GRU", "SimpleRNN");

  private final Graph graph;
  private final Weights weights;
  private final ModelState carried;
  /** Asked once a batch: a lambda there would be garbage. */
  private final IntFunction<StateBuffer> states;
  private final BatchPredictor forward;
  private final OneThread use;
  private TrainingThreads threads = TrainingThreads.callerOnly();
  private Trainer trainer;
  /** What the model was loaded as: how it was compiled, should it be trained. Null once something trains it. */
  private KerasFile.Content saved;

  CompiledModel(Graph graph, Weights weights, ModelState carried, BatchPredictor forward, OneThread use) {
    this.graph = graph;
    this.weights = weights;
    this.carried = carried;
    states = carried::enter;
    this.forward = forward;
    this.use = use;
  }

  void saved(KerasFile.Content content) {
    saved = content;
  }

  void compile(Optimizer optimizer, Objectives objectives) {
    compile(optimizer, objectives, threads);
  }

  void compile(Optimizer optimizer, Objectives objectives, TrainingThreads others) {
    check(others);
    use.enter();
    try {
      trainer = trainer(optimizer, objectives, others);
      saved = null;
      threads = others;
      forward.threads(others);
    } finally {
      use.leave();
    }
  }

  private Trainer trainer(Optimizer optimizer, Objectives objectives, TrainingThreads others) {
    // Refuses kernels that this machine does not have, and has the others warmed up.
    forward.forward();
    return new Trainer(graph, weights, carried.planes(), optimizer, objectives, others, use);
  }

  private static void check(TrainingThreads threads) {
    if (threads == null) {
      throw new RillException("expected training threads, got null: TrainingThreads.callerOnly() is the calling thread alone");
    }
  }

  void threads(TrainingThreads others) {
    check(others);
    use.enter();
    try {
      if (trainer != null) {
        trainer.threads(others);
      }
      threads = others;
      forward.threads(others);
    } finally {
      use.leave();
    }
  }

  /** What trains the model, compiled here or as the file says. */
  Trainer trainer() {
    use.enter();
    try {
      if (trainer == null) {
        if (saved == null) {
          throw new RillException("the model has not been compiled: call compile before training");
        }
        trainer = resumed();
        saved = null;
      }
      return trainer;
    } finally {
      use.leave();
    }
  }

  History fit(List<Tensor> x, List<Tensor> y, Fit options) {
    use.enter();
    try {
      trainer();
      return Loop.fit(this, x, y, options);
    } finally {
      use.leave();
    }
  }

  History fit(Dataset data, Fit options) {
    use.enter();
    try {
      trainer();
      return Loop.fit(this, data, options);
    } finally {
      use.leave();
    }
  }

  Logs evaluate(Dataset data, Callback... callbacks) {
    use.enter();
    try {
      trainer();
      return Loop.evaluate(this, data, callbacks);
    } finally {
      use.leave();
    }
  }

  /** Compiled as the file says, the optimizer where it was. */
  private Trainer resumed() {
    KerasFile.Compiled compiled = saved.compiled();
    Trainer resumed = trainer(compiled.optimizer(), compiled.objectives(), threads);
    KerasFile.resume(saved.optimizerVariables(), resumed);
    return resumed;
  }

  /** What a file of the whole model keeps beside structure and weights; as the file says as long as nothing was trained. */
  private KerasFile.Extra extra() {
    return trainer != null ? KerasFile.Extra.of(graph, trainer) : loaded();
  }

  /** What a file of weights keeps beside them. */
  private KerasFile.Extra optimizer() {
    return trainer != null ? KerasFile.Extra.ofOptimizer(trainer) : loaded();
  }

  private KerasFile.Extra loaded() {
    JsonObject config = saved == null ? null : saved.compileConfig();
    return config == null ? KerasFile.Extra.NONE : new KerasFile.Extra(config, saved.optimizerVariables(), null);
  }

  @Override
  public void check(Batch batch) {
    trainer().check(batch);
  }

  @Override
  public Logs trainOnBatch(Batch batch) {
    use.enter();
    try {
      trainer().train(batch, states);
      carried.bind();
      forward.changed();
      return trainer().logs();
    } finally {
      use.leave();
    }
  }

  @Override
  public Logs testOnBatch(Batch batch) {
    use.enter();
    try {
      trainer().test(batch, states);
      carried.bind();
      return trainer().logs();
    } finally {
      use.leave();
    }
  }

  /** The figures of one batch, which is learned or only tested. */
  Logs alone(Batch batch, boolean learned) {
    use.enter();
    try {
      resetMetrics();
      return learned ? trainOnBatch(batch) : testOnBatch(batch);
    } finally {
      use.leave();
    }
  }

  @Override
  public void resetMetrics() {
    trainer().resetMetrics();
  }

  @Override
  public boolean stateful() {
    return carried.stateful();
  }

  @Override
  public int steps() {
    Shape input = graph.shape(graph.inputs().get(0));
    return input.rank() == 3 && input.axis(1) != Shape.UNKNOWN ? input.axis(1) : 0;
  }

  @Override
  public int stateRows() {
    return carried.rows();
  }

  @Override
  public void resetStates() {
    carried.reset();
  }

  @Override
  public void resetRows(int... rows) {
    carried.reset(rows);
  }

  @Override
  public State states() {
    return carried.get();
  }

  @Override
  public void states(State states) {
    carried.set(states);
  }

  @Override
  public float[] weights() {
    use.enter();
    try {
      return weights.values().clone();
    } finally {
      use.leave();
    }
  }

  @Override
  public void weights(float[] values) {
    use.enter();
    try {
      if (Require.given(values, "the weights").length != weights.size()) {
        throw new ShapeException("the model has " + weights.size() + " weights, got " + values.length);
      }
      System.arraycopy(values, 0, weights.values(), 0, values.length);
      forward.changed();
    } finally {
      use.leave();
    }
  }

  @Override
  public double learningRate() {
    return trainer().optimizer().learningRate();
  }

  @Override
  public void learningRate(double rate) {
    trainer().optimizer().learningRate(rate);
  }

  @Override
  public List<Weights.Slice> trained() {
    return trainer().trainable();
  }

  @Override
  public Map<String, Weights.Slice> variables() {
    Map<String, String> cells = new HashMap<>();
    for (Layer layer : graph.unfolded().layers()) {
      if (CELLS.contains(layer.className())) {
        cells.put(layer.name(), LayerNames.snakeCase(layer.className()) + "_cell/");
      }
    }
    Map<String, Weights.Slice> variables = new LinkedHashMap<>();
    for (String layer : weights.layers()) {
      for (Weights.Slice slice : weights.slices(layer)) {
        variables.put(graph.name() + "/" + layer + "/" + cells.getOrDefault(layer, "") + slice.name(), slice);
      }
    }
    return variables;
  }

  @Override
  public long iterations() {
    return trainer().optimizer().iterations();
  }

  @Override
  public float[] watchGradient() {
    return trainer().watchGradient();
  }

  @Override
  public void ignoreGradient() {
    trainer().ignoreGradient();
  }

  @Override
  public String summary() {
    return Summary.of(graph, weights);
  }

  @Override
  public Mode direction(String metric) {
    return trainer().direction(metric);
  }

  @Override
  public int targetWidth(int output) {
    return trainer().targetWidth(output);
  }

  @Override
  public Checkpoint checkpoint(int epochs) {
    use.enter();
    try {
      return trainer().checkpoint(epochs, states());
    } finally {
      use.leave();
    }
  }

  @Override
  public void resume(Checkpoint checkpoint) {
    use.enter();
    try {
      Trainer own = trainer();
      own.check(checkpoint);
      // All room first, then all changes.
      StateBuffer states = carried.prepared(checkpoint.states());
      own.resume(checkpoint);
      carried.set(states);
      forward.changed();
    } finally {
      use.leave();
    }
  }

  @Override
  public void checkSave() throws IOException {
    use.enter();
    try {
      KerasFile.checkSave(graph, extra());
    } finally {
      use.leave();
    }
  }

  @Override
  public void save(Path file) throws IOException {
    use.enter();
    try {
      KerasFile.save(file, graph, weights, extra());
    } finally {
      use.leave();
    }
  }

  @Override
  public void saveWeights(Path file) throws IOException {
    use.enter();
    try {
      KerasFile.saveWeights(file, graph, weights, optimizer());
    } finally {
      use.leave();
    }
  }
}
