package dev.rill.training;

import dev.rill.kernels.Carrier;
import dev.rill.kernels.Kernels;
import dev.rill.layers.Crew;
import dev.rill.layers.Graph;
import dev.rill.layers.Prediction;
import dev.rill.layers.StateBuffer;
import dev.rill.layers.TrainingPlan;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * From a batch to new weights, in Keras' order: forward, loss, gradients, optimizer, metrics of the predictions made before the
 * update. Loss and metrics add up from batch to batch until {@link #resetMetrics()}.
 */
public final class Trainer {
  private final TrainingPlan plan;
  private final Weights weights;
  private final Optimizer optimizer;
  private final OptimizerState state;
  private final TrainedVariables variables;
  private final List<String> structure;
  private final List<State.Plane> planes;
  private final List<Loss> losses;
  private final List<Metric> metrics;
  private final double[] lossTotals;
  private final double[][] metricTotals;
  private final double[][] metricRows;
  private final Logs logs = new Logs();
  /** What stands in the logs behind the loss, in order. */
  private final String[] names;
  private double total;
  private double rowsSeen;
  private long calls;
  private long seed;

  /**
   * Prepares training.
   *
   * @param graph the structure
   * @param weights changed by each update
   * @param planes what its recurrent layers keep
   * @param optimizer how weights change
   * @param losses one an output, or one for all
   * @param metrics watched at every output
   * @param crew who does the work
   * @throws RillException if the number of losses does not fit
   * @throws dev.rill.tensor.UnsupportedException if a layer, or a rule of one of its variables, cannot be trained
   */
  public Trainer(Graph graph, Weights weights, List<State.Plane> planes, Optimizer optimizer, List<Loss> losses,
      List<Metric> metrics, Crew crew) {
    plan = new TrainingPlan(graph, weights, planes, crew);
    if (losses.size() != 1 && losses.size() != plan.outputs()) {
      throw new RillException("the model has " + plan.outputs() + " outputs: expected one loss, or one for each, got "
          + losses.size());
    }
    this.weights = weights;
    this.optimizer = optimizer;
    this.losses = List.copyOf(losses);
    this.metrics = List.copyOf(metrics);
    state = optimizer.state(weights.size());
    variables = new TrainedVariables(graph, weights);
    structure = Checkpoint.structure(graph, weights);
    this.planes = List.copyOf(planes);
    lossTotals = new double[plan.outputs()];
    metricTotals = new double[plan.outputs()][metrics.size()];
    metricRows = new double[plan.outputs()][metrics.size()];
    names = names();
  }

  private String[] names() {
    List<String> all = new ArrayList<>();
    boolean several = plan.outputs() > 1;
    for (int o = 0; several && o < plan.outputs(); o++) {
      all.add(plan.output(o).layer() + "_loss");
    }
    for (int o = 0; o < plan.outputs(); o++) {
      for (Metric metric : metrics) {
        all.add((several ? plan.output(o).layer() + "_" : "") + metric.name());
      }
    }
    return all.toArray(new String[0]);
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
    seed = value;
  }

  /**
   * Everything that training goes on from.
   *
   * @param epochs how many are done
   * @param states those of stateful layers, or null
   * @return a copy
   */
  public Checkpoint checkpoint(int epochs, State states) {
    float[][] slots = new float[state.slots.length][];
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = state.slots[slot].clone();
    }
    return new Checkpoint(structure,
        new Checkpoint.Counters(epochs, state.iterations(), state.rate(), state.product, calls, seed), weights.values().clone(),
        new Checkpoint.Slots(optimizer.className(), optimizer.slots(), slots), states);
  }

  /**
   * Goes on from a checkpoint, all but its states.
   *
   * @param checkpoint of a model like this one
   * @throws dev.rill.tensor.StateException if it is of another structure or optimizer; nothing has changed then
   */
  public void resume(Checkpoint checkpoint) {
    checkpoint.check(structure, planes, optimizer, weights.size());
    System.arraycopy(checkpoint.weights(), 0, weights.values(), 0, weights.size());
    state.resume(checkpoint.counters(), checkpoint.slots().values());
    calls = checkpoint.counters().calls();
    seed = checkpoint.counters().seed();
  }

  /**
   * Holds targets and weights of a batch against the model; nothing changes.
   *
   * @param batch its inputs are checked already
   * @throws ShapeException if something does not fit
   */
  public void check(Batch batch) {
    if (batch.y().size() != plan.outputs()) {
      throw new ShapeException("the model has " + plan.outputs() + " outputs, got targets for " + batch.y().size());
    }
    for (int o = 0; o < plan.outputs(); o++) {
      plan.check(o, batch.x(), batch.y().get(o), targetWidth(o), weights(batch, o));
    }
  }

  /**
   * Floats of a target that make one row of a loss.
   *
   * @param output index
   * @return width of the output, or 1 where a target is the index of a class
   */
  public int targetWidth(int output) {
    return loss(output).targetWidth(plan.output(output).width());
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
    for (int i = 0; i < metrics.size(); i++) {
      if (name.equals(metrics.get(i).name()) || name.endsWith("_" + metrics.get(i).name())) {
        return metrics.get(i).better();
      }
    }
    return name.equals("loss") || name.endsWith("_loss") ? Mode.MIN : Mode.AUTO;
  }

  /**
   * One update.
   *
   * @param batch what to learn, its inputs checked
   * @param into the state of stateful layers, which advances
   * @throws ShapeException if targets or weights do not fit; nothing has changed then
   */
  public void train(Batch batch, StateBuffer into) {
    run(batch, into, true);
    float[] g = plan.backward();
    variables.regularize(g);
    optimizer.apply(state, weights.values(), g, variables.slices());
    variables.constrain();
    calls++;
  }

  /**
   * Loss and metrics of one batch; no weight changes.
   *
   * @param batch what to test on, its inputs checked
   * @param into the state of stateful layers, which advances
   * @throws ShapeException if targets or weights do not fit; nothing has changed then
   */
  public void test(Batch batch, StateBuffer into) {
    run(batch, into, false);
  }

  /**
   * The gradient of the loss with respect to all weights, without an update.
   *
   * @param batch its inputs checked
   * @param into the state of stateful layers, which advances
   * @return laid out as the weights
   */
  public float[] gradient(Batch batch, StateBuffer into) {
    run(batch, into, true);
    float[] g = plan.backward();
    variables.regularize(g);
    return g.clone();
  }

  private void run(Batch batch, StateBuffer into, boolean training) {
    check(batch);
    int rows = batch.rows();
    plan.begin(batch.x(), batch.resets());
    plan.forward(into, training, seed, calls);
    Carrier k = Kernels.carrier();
    double sum = 0;
    for (int o = 0; o < plan.outputs(); o++) {
      double own = output(k, o, batch, training);
      lossTotals[o] += own * rows;
      sum += own;
    }
    total += (float) (sum + variables.penalty()) * (double) rows;
    rowsSeen += rows;
  }

  private Loss loss(int output) {
    return losses.get(losses.size() == 1 ? 0 : output);
  }

  /** Loss of one output; leaves its gradient behind. */
  private double output(Carrier k, int o, Batch batch, boolean training) {
    int rows = batch.rows();
    Tensor y = batch.y().get(o);
    Tensor sampleWeight = weights(batch, o);
    Prediction p = plan.output(o);
    Loss loss = loss(o);
    boolean fused = p.activation() != null && loss.fuses(p.activation());
    float[] values = fused ? p.logits() : p.values();
    if (fused) {
      p.gradientOfLogits();
    }
    int steps = p.steps();
    int cells = rows * steps;
    int yWidth = y.size() / cells;
    boolean perStep = sampleWeight != null && sampleWeight.size() == cells;
    double divisor = loss.reduction().divisor(cells, weightOf(sampleWeight, rows, steps));
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < rows; r++) {
        int row = t * rows + r;
        int yAt = y.offset() + r * y.stride() + t * yWidth;
        float weight = weight(sampleWeight, r, t, perStep);
        float scale = divisor == 0 ? 0 : (float) (weight / divisor);
        float[] g = training ? p.gradient() : null;
        float value = fused ? loss.rowOfLogits(k, y.array(), yAt, values, p.at(row), p.width(), scale, g, p.gradientAt(row))
            : loss.row(k, y.array(), yAt, values, p.at(row), p.width(), scale, g, p.gradientAt(row));
        sum += (double) value * weight;
        for (int m = 0; m < metrics.size() && (weight != 0 || !batch.padded()); m++) {
          metricTotals[o][m] += metrics.get(m).row(k, y.array(), yAt, yWidth, p.values(), p.at(row), p.width());
          metricRows[o][m]++;
        }
      }
    }
    return divisor == 0 ? 0 : sum / divisor;
  }

  private static float weight(Tensor sampleWeight, int row, int step, boolean perStep) {
    return sampleWeight == null ? 1
        : sampleWeight.array()[sampleWeight.offset() + row * sampleWeight.stride() + (perStep ? step : 0)];
  }

  /** The sum of the weights of all values. */
  private static double weightOf(Tensor sampleWeight, int rows, int steps) {
    boolean perStep = sampleWeight != null && sampleWeight.size() == rows * steps;
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < rows; r++) {
        sum += weight(sampleWeight, r, t, perStep);
      }
    }
    return sum;
  }

  /** Starts loss and metrics anew. */
  public void resetMetrics() {
    total = 0;
    rowsSeen = 0;
    Arrays.fill(lossTotals, 0);
    for (int o = 0; o < lossTotals.length; o++) {
      Arrays.fill(metricTotals[o], 0);
      Arrays.fill(metricRows[o], 0);
    }
  }

  /**
   * Loss and metrics since {@link #resetMetrics()}, under Keras' names: the loss is the mean over batches, each counted by its
   * rows.
   *
   * @return {@code loss} first; with several outputs also each one's, by layer; valid until the next call
   */
  public Logs logs() {
    logs.put("loss", total / rowsSeen);
    int at = 0;
    for (int o = 0; lossTotals.length > 1 && o < lossTotals.length; o++) {
      logs.put(names[at++], lossTotals[o] / rowsSeen);
    }
    for (int o = 0; o < lossTotals.length; o++) {
      for (int m = 0; m < metrics.size(); m++) {
        logs.put(names[at++], metrics.get(m).result(metricTotals[o][m] / metricRows[o][m]));
      }
    }
    return logs;
  }
}
