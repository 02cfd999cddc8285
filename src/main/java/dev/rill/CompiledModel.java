package dev.rill;

import dev.rill.keras.KerasFile;
import dev.rill.layers.TrainingThreads;
import dev.rill.engine.StateBuffer;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.training.Batch;
import dev.rill.training.Checkpoint;
import dev.rill.training.Logs;
import dev.rill.training.Mode;
import dev.rill.training.Objectives;
import dev.rill.training.Optimizer;
import dev.rill.training.Trainable;
import dev.rill.training.Trainer;
import java.io.IOException;
import java.nio.file.Path;

/** A compiled model as the training loop sees it. */
final class CompiledModel implements Trainable {
  private final Model model;
  private Trainer trainer;
  /** What the model was loaded as: how it was compiled, should it be trained. Null once something trains it. */
  private KerasFile.Content saved;

  CompiledModel(Model model) {
    this.model = model;
  }

  void saved(KerasFile.Content content) {
    saved = content;
  }

  void compile(Optimizer optimizer, Objectives objectives, TrainingThreads threads) {
    trainer = trainer(optimizer, objectives, threads);
    saved = null;
  }

  private Trainer trainer(Optimizer optimizer, Objectives objectives, TrainingThreads threads) {
    return new Trainer(model.graph(), model.weights(), model.plan().planes(), optimizer, objectives, threads);
  }

  /** What trains the model, compiled here or as the file says. */
  Trainer trainer() {
    if (trainer == null) {
      if (saved == null) {
        throw new RillException("the model has not been compiled: call compile before training");
      }
      trainer = resumed();
      saved = null;
    }
    return trainer;
  }

  /** Compiled as the file says, the optimizer where it was. */
  private Trainer resumed() {
    KerasFile.Compiled compiled = saved.compiled();
    Trainer resumed = trainer(compiled.optimizer(), compiled.objectives(), TrainingThreads.callerOnly());
    KerasFile.resume(saved.optimizerVariables(), resumed);
    return resumed;
  }

  /** What a file of the whole model keeps beside structure and weights; as the file says as long as nothing was trained. */
  KerasFile.Extra extra() {
    return trainer != null ? KerasFile.Extra.of(trainer) : loaded();
  }

  /** What a file of weights keeps beside them. */
  KerasFile.Extra optimizer() {
    return trainer != null ? KerasFile.Extra.ofOptimizer(trainer) : loaded();
  }

  private KerasFile.Extra loaded() {
    return saved == null ? KerasFile.Extra.NONE
        : new KerasFile.Extra(saved.compileConfig(), saved.optimizerVariables(), null);
  }

  @Override
  public void check(Batch batch) {
    BatchChecks.check(model.graph(), batch.x());
    trainer().check(batch);
  }

  /** Refuses what does not fit, the number of rows too. */
  private void checkAll(Batch batch) {
    check(batch);
    model.carried().check(batch.rows());
  }

  @Override
  public Logs trainOnBatch(Batch batch) {
    checkAll(batch);
    trainer().train(batch, model.enter(batch.rows()));
    model.changed();
    return trainer().logs();
  }

  @Override
  public Logs testOnBatch(Batch batch) {
    checkAll(batch);
    trainer().test(batch, model.enter(batch.rows()));
    return trainer().logs();
  }

  @Override
  public void resetMetrics() {
    trainer().resetMetrics();
  }

  @Override
  public boolean stateful() {
    return model.stateful();
  }

  @Override
  public int steps() {
    Shape input = model.graph().shape(model.graph().inputs().get(0));
    return input.rank() == 3 && input.axis(1) != Shape.UNKNOWN ? input.axis(1) : 0;
  }

  @Override
  public int stateRows() {
    return model.carried().rows();
  }

  @Override
  public void resetStates() {
    model.resetStates();
  }

  @Override
  public void resetRows(int... rows) {
    model.carried().reset(rows);
  }

  @Override
  public State states() {
    return model.carried().get();
  }

  @Override
  public void states(State states) {
    model.carried().set(states, model::plan);
  }

  @Override
  public float[] weights() {
    return model.weights().values().clone();
  }

  @Override
  public void weights(float[] weights) {
    if (weights.length != model.weights().size()) {
      throw new ShapeException("the model has " + model.weights().size() + " weights, got " + weights.length);
    }
    System.arraycopy(weights, 0, model.weights().values(), 0, weights.length);
    model.changed();
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
  public Mode direction(String metric) {
    return trainer().direction(metric);
  }

  @Override
  public int targetWidth(int output) {
    return trainer().targetWidth(output);
  }

  @Override
  public Checkpoint checkpoint(int epochs) {
    return trainer().checkpoint(epochs, states());
  }

  @Override
  public void resume(Checkpoint checkpoint) {
    Trainer own = trainer();
    own.check(checkpoint);
    // All room first, then all changes.
    StateBuffer states = model.carried().prepared(checkpoint.states(), model::plan);
    own.resume(checkpoint);
    model.carried().set(states);
    model.changed();
  }

  @Override
  public void checkSave() throws IOException {
    KerasFile.checkSave(model.graph(), extra());
  }

  @Override
  public void save(Path file) throws IOException {
    model.save(file);
  }

  @Override
  public void saveWeights(Path file) throws IOException {
    model.saveWeights(file);
  }
}
