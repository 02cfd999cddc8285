package dev.rill.training;

import dev.rill.engine.StateBuffer;
import dev.rill.engine.TrainingOutput;
import dev.rill.engine.TrainingPlan;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.layers.Graph;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.util.List;
import java.util.function.IntFunction;

/**
 * From a batch to new weights, in Keras' order: forward, loss, gradients, optimizer, metrics of the predictions made before the
 * update. Loss and metrics add up from batch to batch until {@link #resetMetrics()}.
 *
 * <p>For one thread at a time, another is refused. A batch that fails, as when memory runs out or a schedule of the user's throws,
 * leaves weights, states and what the optimizer remembers as they were; the loss and the metrics may count a part of it. A thread
 * that has been interrupted finishes the batch under way; the next one is refused, and its interrupt status stays set.
 */
public final class Trainer {
  private static final String THREADS = "the threads of training";

  private final TrainingPlan plan;
  private final OneThread use;
  private final Weights weights;
  private final Optimizer optimizer;
  private final OptimizerState state;
  private final TrainedVariables variables;
  private final List<Objective> objectives;
  private final LossesAndMetrics figures;
  private final String structure;
  private final List<State.Plane> planes;
  private long calls;
  private long seed;
  /** What the last update learned, kept only if somebody watches. */
  private float[] gradient;
  /** What the update at hand learns from, and how fast. */
  private float[] learned;
  private float rate;
  private final TrainingPlan.WeightWork update = this::update;

  /**
   * Prepares training.
   *
   * @param graph the structure
   * @param weights changed by each update
   * @param planes what its recurrent layers keep
   * @param optimizer how weights change
   * @param objectives what is learned and watched
   * @param threads who does the work
   * @param use which thread uses the weights and states
   * @throws dev.rill.tensor.RillException if the objectives do not fit the outputs
   * @throws dev.rill.tensor.UnsupportedException if a layer, or a rule of one of its variables, cannot be trained
   */
  public Trainer(Graph graph, Weights weights, List<State.Plane> planes, Optimizer optimizer, Objectives objectives,
      TrainingThreads threads, OneThread use) {
    Require.given(graph, "the structure");
    Require.given(weights, "the weights");
    Require.all(planes, "what the layers keep");
    Require.given(optimizer, "the optimizer");
    Require.given(objectives, "the objectives");
    Require.given(use, "who uses the weights");
    Require.given(threads, THREADS);
    plan = new TrainingPlan(graph, weights, planes);
    plan.threads(threads.executor(), threads.size());
    this.use = use;
    this.objectives = objectives.at(graph.outputNames());
    figures = new LossesAndMetrics(graph.outputNames(), this.objectives);
    this.weights = weights;
    this.optimizer = optimizer;
    state = optimizer.state(weights.size());
    variables = new TrainedVariables(graph, weights, this.objectives);
    structure = Checkpoint.structure(graph, weights);
    this.planes = List.copyOf(planes);
  }

  /**
   * How weights change.
   *
   * @return the optimizer's description
   */
  public Optimizer rule() {
    return optimizer;
  }

  /**
   * What is learned and watched.
   *
   * @return one an output
   */
  public List<Objective> objectives() {
    return objectives;
  }

  /**
   * What training changes.
   *
   * @return the variables of trainable layers in Keras' order
   */
  public List<Weights.Slice> trainable() {
    return List.copyOf(variables.slices());
  }

  /**
   * Keeps the gradient of each update from now on, as it is before it is clipped.
   *
   * @return filled by each update, laid out as the weights
   */
  public float[] watchGradient() {
    use.enter();
    gradient = gradient == null ? new float[weights.size()] : gradient;
    use.leave();
    return gradient;
  }

  /** Keeps gradients no more. */
  public void ignoreGradient() {
    use.enter();
    gradient = null;
    use.leave();
  }

  /**
   * What the optimizer remembers.
   *
   * @return the state itself: its learning rate can be set
   */
  public OptimizerState optimizer() {
    return state;
  }

  /**
   * Sets what dropout is a function of.
   *
   * @param value any number
   */
  public void seed(long value) {
    use.enter();
    seed = value;
    use.leave();
  }

  /**
   * Sets who does the work, from the next batch on.
   *
   * @param threads the threads that share the work; their number changes no bit
   */
  public void threads(TrainingThreads threads) {
    use.enter();
    try {
      plan.threads(Require.given(threads, THREADS).executor(), threads.size());
    } finally {
      use.leave();
    }
  }

  /**
   * Everything that training goes on from.
   *
   * @param epochs how many are done
   * @param states those of stateful layers, or null
   * @return a copy
   */
  public Checkpoint checkpoint(int epochs, State states) {
    use.enter();
    try {
      float[][] slots = new float[state.slots.length][];
      for (int slot = 0; slot < slots.length; slot++) {
        slots[slot] = state.slots[slot].clone();
      }
      return new Checkpoint(structure,
          new Checkpoint.Counters(epochs, state.iterations(), state.rate(), state.product, calls, seed), weights.values().clone(),
          new Checkpoint.Slots(optimizer.className(), optimizer.slots(), slots), states);
    } finally {
      use.leave();
    }
  }

  /**
   * Holds a checkpoint, its states included, against the model; nothing changes.
   *
   * @param checkpoint of any model
   * @throws dev.rill.tensor.StateException if it is of another structure or optimizer
   */
  public void check(Checkpoint checkpoint) {
    use.enter();
    try {
      Require.given(checkpoint, "the checkpoint").check(structure, planes, optimizer, weights.size());
    } finally {
      use.leave();
    }
  }

  /**
   * Goes on from a checkpoint, all but its states.
   *
   * @param checkpoint of a model like this one
   * @throws dev.rill.tensor.StateException if it is of another structure or optimizer; nothing has changed then
   */
  public void resume(Checkpoint checkpoint) {
    use.enter();
    try {
      check(checkpoint);
      System.arraycopy(checkpoint.weights(), 0, weights.values(), 0, weights.size());
      state.resume(checkpoint.counters(), checkpoint.slots().values());
      calls = checkpoint.counters().calls();
      seed = checkpoint.counters().seed();
    } finally {
      use.leave();
    }
  }

  /**
   * Holds a batch against the model, all but its rows against the state; nothing changes.
   *
   * @param batch inputs, targets and weights
   * @throws ShapeException if something does not fit, or a target is not the index of a class that a loss expects
   */
  public void check(Batch batch) {
    use.enter();
    try {
      checkAll(batch);
    } finally {
      use.leave();
    }
  }

  private void checkAll(Batch batch) {
    plan.check(Require.given(batch, "the batch").x(), batch.resets());
    if (batch.y().size() != plan.outputs()) {
      throw new ShapeException("the model has " + plan.outputs() + " outputs, got targets for " + batch.y().size());
    }
    for (int o = 0; o < plan.outputs(); o++) {
      Tensor y = batch.y().get(o);
      int width = plan.output(o).partWidth();
      int yWidth = loss(o) == null ? unlearned(y, width) : loss(o).targetWidth(width);
      plan.check(o, batch.x(), y, yWidth, weights(batch, o));
      objectives.get(o).check(y, yWidth, width);
    }
  }

  /**
   * Floats of a target for one step of an output.
   *
   * @param output index
   * @return width of the output, or 1 where a target is the index of a class
   */
  public int targetWidth(int output) {
    TrainingOutput p = plan.output(Require.index(output, plan.outputs(), "output"));
    return loss(output) == null ? p.width() : p.parts() * loss(output).targetWidth(p.partWidth());
  }

  /** Where nothing is learned, metrics take indices of classes as well. */
  private static int unlearned(Tensor y, int width) {
    return y.shape().rank() > 1 && y.shape().axis(-1) == width ? width : 1;
  }

  private static Tensor weights(Batch batch, int output) {
    return batch.weights() == null ? null : batch.weights().get(batch.weights().size() == 1 ? 0 : output);
  }

  /**
   * Which values of a figure are better.
   *
   * @param name as in {@link #logs()}
   * @return less of a loss, more of an accuracy; {@link Mode#AUTO} for a figure that there is not
   */
  public Mode direction(String name) {
    return figures.direction(name);
  }

  /**
   * One update.
   *
   * @param batch what to learn
   * @param states the state that stateful layers advance, for a number of rows; asked once the rest of the batch fits, and may refuse
   * @throws ShapeException if the batch does not fit; nothing has changed then
   */
  // The model has the buffer and nobody else: the engine is exported nowhere.
  @SuppressWarnings("exports")
  public void train(Batch batch, IntFunction<StateBuffer> states) {
    use.enter();
    try {
      run(batch, states, true);
      float[] g = plan.backward();
      variables.regularize(g);
      if (gradient != null) {
        System.arraycopy(g, 0, gradient, 0, gradient.length);
      }
      rate = optimizer.begin(state, g, variables.reached());
      learned = g;
      plan.eachWeight(update);
      state.advance();
      variables.constrain();
      plan.update();
      plan.advance();
      calls++;
    } finally {
      use.leave();
    }
  }

  private void update(int from, int to) {
    optimizer.apply(state, rate, weights.values(), learned, variables.reached(), from, to);
  }

  /**
   * Loss and metrics of one batch; no weight changes.
   *
   * @param batch what to test on
   * @param states the state that stateful layers advance, as in training
   * @throws ShapeException if the batch does not fit; nothing has changed then
   */
  // The model has the buffer and nobody else: the engine is exported nowhere.
  @SuppressWarnings("exports")
  public void test(Batch batch, IntFunction<StateBuffer> states) {
    use.enter();
    try {
      run(batch, states, false);
      plan.advance();
    } finally {
      use.leave();
    }
  }

  /**
   * The gradient of the loss with respect to all weights, without an update; zeros for those that are not trained.
   *
   * @param batch what is learned
   * @param states the state that stateful layers advance, as in training
   * @return laid out as the weights
   * @throws ShapeException if the batch does not fit; nothing has changed then
   */
  // The model has the buffer and nobody else: the engine is exported nowhere.
  @SuppressWarnings("exports")
  public float[] gradient(Batch batch, IntFunction<StateBuffer> states) {
    use.enter();
    try {
      run(batch, states, true);
      float[] g = plan.backward();
      variables.regularize(g);
      float[] copy = g.clone();
      plan.advance();
      return copy;
    } finally {
      use.leave();
    }
  }

  private void run(Batch batch, IntFunction<StateBuffer> states, boolean training) {
    if (Thread.currentThread().isInterrupted()) {
      throw new RillException("thread " + Thread.currentThread().getName() + " has been interrupted: this batch is refused, nothing"
          + " has changed; Thread.interrupted() clears the status");
    }
    checkAll(batch);
    int rows = batch.rows();
    StateBuffer into = Require.given(states, "the states").apply(rows);
    plan.check(into, rows);
    plan.begin(batch.x(), batch.resets());
    plan.forward(into, training, seed, calls);
    Kernels k = KernelChoice.current();
    double most = 0;
    for (int o = 0; o < plan.outputs(); o++) {
      double share = share(batch, weights(batch, o));
      figures.loss(o, output(k, o, batch, training), rows, share);
      most = Math.max(most, share);
    }
    figures.penalty((double) variables.penalty() + plan.penalty(), rows * most);
  }

  private Loss loss(int output) {
    return objectives.get(output).loss();
  }

  /** Loss of one output; leaves its gradient behind. */
  private double output(Kernels k, int o, Batch batch, boolean training) {
    int rows = batch.rows();
    Tensor y = batch.y().get(o);
    Tensor sampleWeight = weights(batch, o);
    TrainingOutput p = plan.output(o);
    Loss loss = loss(o);
    boolean fused = loss != null && p.activation() != null && loss.fuses(p.activation());
    if (fused) {
      p.gradientOfLogits();
    }
    int steps = p.steps();
    int cells = rows * steps;
    int parts = p.parts();
    int width = p.partWidth();
    int yWidth = y.size() / (cells * parts);
    boolean perStep = perStep(sampleWeight, cells);
    double divisor = loss == null ? 0 : divisor(loss.reduction(), p, batch, sampleWeight);
    double factor = objectives.get(o).weight();
    // A weight of a whole sample is shared by its steps.
    double share = sampleWeight == null || perStep ? 1 : 1.0 / steps;
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < rows; r++) {
        p.select(t, r);
        float weight = weight(sampleWeight, r, t, perStep);
        if (!p.counts() || batch.padded() && weight == 0) {
          continue;
        }
        float scale = divisor == 0 ? 0 : (float) (weight * factor / divisor);
        float[] values = fused ? p.logits() : p.values();
        float[] g = training ? p.gradient() : null;
        for (int part = 0; part < parts; part++) {
          int yAt = y.offset() + r * y.stride() + (t * parts + part) * yWidth;
          int at = p.at() + part * width;
          int gAt = p.gradientAt() + part * width;
          float value = loss == null ? 0
              : fused ? loss.rowOfLogits(k, y.array(), yAt, values, at, width, scale, g, gAt)
              : loss.row(k, y.array(), yAt, values, at, width, scale, g, gAt);
          sum += (double) value * weight;
          figures.watch(k, o, y.array(), yAt, yWidth, p.values(), at, width, weight * share);
        }
      }
    }
    return divisor == 0 ? 0 : sum / divisor;
  }

  private static boolean perStep(Tensor sampleWeight, int cells) {
    return sampleWeight != null && sampleWeight.size() == cells;
  }

  private static float weight(Tensor sampleWeight, int row, int step, boolean perStep) {
    return sampleWeight == null ? 1
        : sampleWeight.array()[sampleWeight.offset() + row * sampleWeight.stride() + (perStep ? step : 0)];
  }

  /** What the sum over those values is divided by that neither a mask nor padding leaves out. */
  private static double divisor(Reduction reduction, TrainingOutput p, Batch batch, Tensor sampleWeight) {
    int rows = batch.rows();
    boolean perStep = perStep(sampleWeight, rows * p.steps());
    int count = 0;
    double weights = 0;
    for (int t = 0; t < p.steps(); t++) {
      for (int r = 0; r < rows; r++) {
        p.select(t, r);
        float weight = weight(sampleWeight, r, t, perStep);
        if (p.counts() && !(batch.padded() && weight == 0)) {
          count += p.parts();
          weights += p.parts() * (double) weight;
        }
      }
    }
    return reduction.divisor(count, weights);
  }

  /** Which part of an output's rows is not padding. */
  private static double share(Batch batch, Tensor sampleWeight) {
    if (!batch.padded() || sampleWeight == null) {
      return 1;
    }
    int steps = sampleWeight.size() / batch.rows();
    int held = 0;
    for (int i = 0; i < sampleWeight.size(); i++) {
      held += weight(sampleWeight, i / steps, i % steps, true) == 0 ? 0 : 1;
    }
    return (double) held / sampleWeight.size();
  }

  /** Starts loss and metrics anew. */
  public void resetMetrics() {
    use.enter();
    figures.reset();
    use.leave();
  }

  /**
   * Loss and metrics since {@link #resetMetrics()}, under Keras' names: the loss is the mean over batches, each counted by its
   * rows; the losses of several outputs are plain means over batches. Padding counts nothing anywhere: a batch that is half
   * padding counts half, and its loss is the mean over what it holds.
   *
   * @return sorted by name, as in Keras; with several outputs each one's loss, too, without its weight; valid until the next call
   */
  public Logs logs() {
    use.enter();
    try {
      return figures.logs();
    } finally {
      use.leave();
    }
  }

  /** Returns what trains what. */
  @Override
  public String toString() {
    return "training of " + weights.size() + " weights by " + optimizer;
  }
}
