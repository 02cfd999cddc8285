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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
  private final List<Loss> losses;
  private final List<Metric> metrics;
  private final double[] lossTotals;
  private final double[][] metricTotals;
  private final double[][] metricRows;
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
    lossTotals = new double[plan.outputs()];
    metricTotals = new double[plan.outputs()][metrics.size()];
    metricRows = new double[plan.outputs()][metrics.size()];
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
   * One update.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param sampleWeight weights of samples (rows) or of their steps (rows, time), or null
   * @param into the state of stateful layers, which advances
   * @param resets whether the state of row r is zeroed before step t, at {@code t * rows + r}; null for never
   * @throws ShapeException if shapes do not fit; nothing has changed then
   */
  public void train(List<Tensor> x, List<Tensor> y, Tensor sampleWeight, StateBuffer into, boolean[] resets) {
    run(x, y, sampleWeight, into, resets, true);
    float[] g = plan.backward();
    variables.regularize(g);
    optimizer.apply(state, weights.values(), g, variables.slices());
    variables.constrain();
    calls++;
  }

  /**
   * Loss and metrics of one batch; no weight changes.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param sampleWeight weights of samples (rows) or of their steps (rows, time), or null
   * @param into the state of stateful layers, which advances
   * @throws ShapeException if shapes do not fit; nothing has changed then
   */
  public void test(List<Tensor> x, List<Tensor> y, Tensor sampleWeight, StateBuffer into) {
    run(x, y, sampleWeight, into, null, false);
  }

  /**
   * The gradient of the loss with respect to all weights, without an update.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param into the state of stateful layers, which advances
   * @param resets as for {@link #train}
   * @return laid out as the weights
   */
  public float[] gradient(List<Tensor> x, List<Tensor> y, StateBuffer into, boolean[] resets) {
    run(x, y, null, into, resets, true);
    float[] g = plan.backward();
    variables.regularize(g);
    return g.clone();
  }

  private void run(List<Tensor> x, List<Tensor> y, Tensor sampleWeight, StateBuffer into, boolean[] resets,
      boolean training) {
    if (y.size() != plan.outputs()) {
      throw new ShapeException("the model has " + plan.outputs() + " outputs, got targets for " + y.size());
    }
    int rows = x.get(0).shape().axis(0);
    plan.begin(x, resets);
    for (int o = 0; o < y.size(); o++) {
      plan.check(o, y.get(o), loss(o).targetWidth(plan.output(o).width()), sampleWeight);
    }
    plan.forward(into, training, seed, calls);
    Carrier k = Kernels.carrier();
    double sum = 0;
    for (int o = 0; o < y.size(); o++) {
      double own = output(k, o, rows, y.get(o), sampleWeight, training);
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
  private double output(Carrier k, int o, int rows, Tensor y, Tensor sampleWeight, boolean training) {
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
    double sum = 0;
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < rows; r++) {
        int row = t * rows + r;
        int yAt = y.offset() + r * y.stride() + t * yWidth;
        float weight = sampleWeight == null ? 1 : sampleWeight.array()[sampleWeight.offset() + r * sampleWeight.stride()
            + (perStep ? t : 0)];
        float scale = weight / cells;
        float[] g = training ? p.gradient() : null;
        float value = fused ? loss.rowOfLogits(k, y.array(), yAt, values, p.at(row), p.width(), scale, g, p.gradientAt(row))
            : loss.row(k, y.array(), yAt, values, p.at(row), p.width(), scale, g, p.gradientAt(row));
        sum += (double) value * weight;
        for (int m = 0; m < metrics.size(); m++) {
          metricTotals[o][m] += metrics.get(m).row(k, y.array(), yAt, yWidth, p.values(), p.at(row), p.width());
          metricRows[o][m]++;
        }
      }
    }
    return sum / cells;
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
   * @return {@code loss} first; with several outputs also each one's, by layer
   */
  public Map<String, Double> logs() {
    Map<String, Double> logs = new LinkedHashMap<>();
    logs.put("loss", total / rowsSeen);
    boolean several = lossTotals.length > 1;
    for (int o = 0; several && o < lossTotals.length; o++) {
      logs.put(plan.output(o).layer() + "_loss", lossTotals[o] / rowsSeen);
    }
    for (int o = 0; o < lossTotals.length; o++) {
      for (int m = 0; m < metrics.size(); m++) {
        logs.put((several ? plan.output(o).layer() + "_" : "") + metrics.get(m).name(),
            metrics.get(m).result(metricTotals[o][m] / metricRows[o][m]));
      }
    }
    return logs;
  }
}
