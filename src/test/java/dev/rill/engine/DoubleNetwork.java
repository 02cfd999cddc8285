package dev.rill.engine;

import dev.rill.engine.ops.Functions;
import dev.rill.kernels.Function;
import dev.rill.kernels.Reference;
import dev.rill.layers.Activation;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Mask;
import dev.rill.layers.Masking;
import dev.rill.layers.Merge;
import dev.rill.layers.NormalizationLayer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.ReverseTime;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * A graph in double precision, by plain loops from the equations in the layers' documentation: what gradients and
 * predictions are held against. Dropout layers do nothing. Every array is (rows, steps, features), one step where there is no
 * time axis.
 */
public final class DoubleNetwork {
  /** A signal, or the states of a layer with one step; {@code keep} (rows, steps) says which steps count, null for every one. */
  record Values(double[] data, int steps, int width, boolean[] keep) {
    Values with(double[] other, int features) {
      return new Values(other, steps, features, keep);
    }
  }

  private record Mask(boolean[] keep, boolean zeroOutput) {}

  /** Factors in front of a kernel, of a gate, row and feature or unit. */
  public interface Factors {
    double of(int gate, int row, int j);
  }

  private record Dropped(Factors input, Factors state) {}

  private static final Dropped ALL = new Dropped((gate, row, j) -> 1, (gate, row, j) -> 1);

  private final Graph graph;
  private final Weights layout;
  private final Map<String, double[][]> states = new HashMap<>();
  private final Map<String, Mask> masks = new HashMap<>();
  private final Map<String, Dropped> dropped = new HashMap<>();
  private boolean[] resets;
  private boolean batchMoments;
  private double[] weights;
  private int rows;
  /** The row under way. */
  private int row;

  public DoubleNetwork(Graph graph) {
    this.graph = graph.unfolded();
    layout = Weights.layout(graph.variables());
  }

  /** Zeroes the state of row r, and the output that a masked step would repeat, before time t: at {@code t * rows + r}. */
  public DoubleNetwork resets(boolean[] before) {
    resets = before;
    return this;
  }

  /** Has batch normalization use the batch's own mean and variance, as in training. */
  public DoubleNetwork batchMoments() {
    batchMoments = true;
    return this;
  }

  /** Has a layer start from h, or h and c, of (rows, units) rather than from zero, where the graph gives it no state. */
  public DoubleNetwork state(String layer, double[]... planes) {
    states.put(layer, planes);
    return this;
  }

  /**
   * Has a recurrent layer skip steps as Keras on TensorFlow does: where {@code keep[t * rows + r]} is false its state stays
   * and its output is zero, or else that of the step before, zero before the first.
   */
  public DoubleNetwork mask(String layer, boolean[] keep, boolean zeroOutput) {
    masks.put(layer, new Mask(keep, zeroOutput));
    return this;
  }

  /** Has a recurrent layer multiply its input in front of the kernel and its state in front of the recurrent kernel. */
  public DoubleNetwork dropout(String layer, Factors input, Factors state) {
    dropped.put(layer, new Dropped(input, state));
    return this;
  }

  /** Number of weights. */
  public int size() {
    return layout.size();
  }

  /** What a weight is called, such as {@code lstm.kernel[7]}. */
  public String weightName(int index) {
    for (String layer : layout.layers()) {
      for (Weights.Slice slice : layout.slices(layer)) {
        if (index >= slice.at() && index < slice.at() + slice.size()) {
          return layer + "." + slice.name() + "[" + (index - slice.at()) + "]";
        }
      }
    }
    throw new IndexOutOfBoundsException(index);
  }

  /** The outputs, one array each. The weights are laid out as {@link Weights}. */
  public double[][] run(double[] values, int count, double[]... inputs) {
    weights = values;
    rows = count;
    List<List<Values>> made = new ArrayList<>();
    for (Graph.Node node : graph.nodes()) {
      made.add(node.inputs().isEmpty() ? List.of(input(made.size(), inputs))
          : apply(node, all(made, node.inputs()), all(made, node.initialState())));
    }
    return graph.outputs().stream().map(ref -> at(made, ref).data).toArray(double[][]::new);
  }

  /** A scalar to differentiate: the sum of all outputs, each element by its factor. */
  public double loss(double[][] factors, double[] values, int count, double[]... inputs) {
    double[][] outputs = run(values, count, inputs);
    double sum = 0;
    for (int o = 0; o < outputs.length; o++) {
      for (int i = 0; i < outputs[o].length; i++) {
        sum += factors[o][i] * outputs[o][i];
      }
    }
    return sum;
  }

  private static List<Values> all(List<List<Values>> made, List<Graph.Ref> refs) {
    return refs.stream().map(ref -> at(made, ref)).toList();
  }

  private static Values at(List<List<Values>> made, Graph.Ref ref) {
    return made.get(ref.node()).get(ref.output());
  }

  private Values input(int node, double[][] inputs) {
    Graph.Ref ref = new Graph.Ref(node, 0);
    double[] data = inputs[graph.inputs().indexOf(ref)];
    int width = graph.width(ref);
    return new Values(data, data.length / rows / width, width, null);
  }

  private List<Values> apply(Graph.Node node, List<Values> inputs, List<Values> given) {
    Layer layer = node.layer();
    String name = layer.name();
    Values x = inputs.get(0);
    if (layer instanceof Recurrent<?> recurrent) {
      boolean heeds = node.appliedMask() != null && !node.appliedMask().every();
      return recurrent(recurrent, heeds ? x : new Values(x.data, x.steps, x.width, null), given);
    }
    if (layer instanceof Dense dense) {
      return List.of(dense(dense, name, x));
    }
    if (layer instanceof TimeDistributed distributed) {
      return List.of(timeDistributed(distributed, name, x, node));
    }
    if (layer instanceof Activation activation) {
      double[] y = x.data.clone();
      for (int at = 0; at < y.length; at += x.width) {
        activate(activation.function(), y, at, x.width);
      }
      return List.of(x.with(y, x.width));
    }
    if (layer instanceof Dropout) {
      return List.of(x);
    }
    if (layer instanceof Masking masking) {
      return List.of(masking(x, masking.value()));
    }
    if (layer instanceof Embedding embedding) {
      return List.of(embedding(embedding, x));
    }
    if (layer instanceof RepeatVector repeat) {
      return List.of(repeat(x, repeat.times()));
    }
    List<Shape> shapes = graph.shapes(node.inputs());
    if (DoubleJoins.know(layer, shapes.get(0))) {
      return List.of(new DoubleJoins(shapes, rows, (variable, j) -> weight(name, variable, j)).of(layer, inputs));
    }
    if (layer instanceof Concatenate) {
      return List.of(concatenate(inputs));
    }
    if (layer instanceof ReverseTime) {
      return List.of(reversed(x));
    }
    if (layer instanceof NormalizationLayer<?> normalization) {
      return List.of(new DoubleNormalization(normalization, shapes.get(0), batchMoments, (variable, j) -> weight(name, variable, j)).of(x));
    }
    if (DoubleWindows.know(layer)) {
      return List.of(new DoubleWindows(x, rows, resets).of(layer, (variable, j) -> weight(name, variable, j)));
    }
    if (layer instanceof Merge) {
      return List.of(DoubleElementwise.merged(layer, inputs, rows));
    }
    return List.of(DoubleElementwise.of(layer, x, node.outputs().get(0)));
  }

  private Values masking(Values x, double value) {
    boolean[] keep = new boolean[rows * x.steps];
    double[] y = x.data.clone();
    for (int i = 0; i < y.length; i++) {
      keep[i / x.width] |= y[i] != value;
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = keep[i / x.width] ? y[i] : 0;
    }
    return new Values(y, x.steps, x.width, keep);
  }

  private Values embedding(Embedding layer, Values ids) {
    int units = layer.units();
    boolean[] keep = layer.maskZero() ? new boolean[rows * ids.steps] : null;
    double[] y = new double[rows * ids.steps * units];
    for (int i = 0; i < y.length; i++) {
      y[i] = weight(layer.name(), 0, (int) ids.data[i / units] * units + i % units);
      if (keep != null) {
        keep[i / units] = ids.data[i / units] != 0;
      }
    }
    return new Values(y, ids.steps, units, keep);
  }

  private Values repeat(Values x, int times) {
    double[] y = new double[rows * times * x.width];
    for (int i = 0; i < y.length; i++) {
      y[i] = x.data[i / (times * x.width) * x.width + i % x.width];
    }
    return new Values(y, times, x.width, null);
  }

  /** A network of its own, whose rows are the steps. */
  private Values timeDistributed(TimeDistributed layer, String name, Values x, Graph.Node node) {
    DoubleNetwork step = new DoubleNetwork(layer.step(graph.shape(node.inputs().get(0))));
    step.batchMoments = batchMoments;
    int at = layout.slices(name).isEmpty() ? 0 : layout.slices(name).get(0).at();
    double[] y = step.run(Arrays.copyOfRange(weights, at, at + step.size()), rows * x.steps, x.data)[0];
    return x.with(y, y.length / (rows * x.steps));
  }

  private Values reversed(Values x) {
    double[] y = new double[x.data.length];
    for (int cell = 0; cell < rows * x.steps; cell++) {
      int from = cell / x.steps * x.steps + x.steps - 1 - cell % x.steps;
      System.arraycopy(x.data, from * x.width, y, cell * x.width, x.width);
    }
    return new Values(y, x.steps, x.width, x.keep);
  }

  private Values concatenate(List<Values> inputs) {
    int steps = inputs.get(0).steps;
    int width = inputs.stream().mapToInt(Values::width).sum();
    double[] y = new double[rows * steps * width];
    boolean[] keep = inputs.stream().anyMatch(x -> x.keep == null) ? null : new boolean[rows * steps];
    for (int cell = 0; cell < rows * steps; cell++) {
      int at = cell * width;
      for (Values x : inputs) {
        System.arraycopy(x.data, cell * x.width, y, at, x.width);
        at += x.width;
        if (keep != null) {
          keep[cell] |= x.keep[cell];
        }
      }
    }
    return new Values(y, steps, width, keep);
  }

  private Values dense(Dense dense, String name, Values x) {
    int units = dense.units();
    double[] y = new double[rows * x.steps * units];
    for (int cell = 0; cell < rows * x.steps; cell++) {
      for (int j = 0; j < units; j++) {
        y[cell * units + j] = product(name, 0, x.data, cell * x.width, j, units, i -> 1) + (dense.useBias() ? weight(name, 1, j) : 0);
      }
      activate(dense.activation(), y, cell * units, units);
    }
    return x.with(y, units);
  }

  private List<Values> recurrent(Recurrent<?> layer, Values x, List<Values> given) {
    int units = layer.units();
    int kinds = layer.stateNames().size();
    double[][] state = new double[kinds][rows * units];
    for (int p = 0; p < kinds; p++) {
      if (!given.isEmpty()) {
        state[p] = given.get(p).data.clone();
      } else if (states.containsKey(layer.name())) {
        state[p] = states.get(layer.name())[p].clone();
      }
    }
    int kept = layer.returnSequences() ? x.steps : 1;
    double[] y = new double[rows * kept * units];
    for (int row = 0; row < rows; row++) {
      row(layer, x, row, state, y, kept);
    }
    List<Values> outputs = new ArrayList<>(List.of(new Values(y, kept, units, layer.returnSequences() ? x.keep : null)));
    for (int p = 0; layer.returnState() && p < kinds; p++) {
      outputs.add(new Values(state[p], 1, units, null));
    }
    return outputs;
  }

  /** All steps of one row: its state advances, and its outputs are written. */
  private void row(Recurrent<?> layer, Values x, int row, double[][] state, double[] y, int kept) {
    int units = layer.units();
    Mask mask = masks.getOrDefault(layer.name(), x.keep == null ? null : timeMajor(x, layer.zeroOutputForMask()));
    double[] last = new double[units];
    for (int step = 0; step < x.steps; step++) {
      int t = layer.goBackwards() ? x.steps - 1 - step : step;
      if (resets != null && resets[t * rows + row]) {
        last = new double[units];
        for (double[] plane : state) {
          System.arraycopy(last, 0, plane, row * units, units);
        }
      }
      if (mask == null || mask.keep[t * rows + row]) {
        last = step(layer, x.data, (row * x.steps + t) * x.width, state, row * units);
      } else if (mask.zeroOutput) {
        last = new double[units];
      }
      System.arraycopy(last, 0, y, (row * kept + (kept == 1 ? 0 : step)) * units, units);
    }
  }

  private Mask timeMajor(Values x, boolean zeroOutput) {
    boolean[] keep = new boolean[x.keep.length];
    for (int i = 0; i < keep.length; i++) {
      keep[i] = x.keep[i % rows * x.steps + i / rows];
    }
    return new Mask(keep, zeroOutput);
  }

  /** One step of one row; returns the new h. */
  private double[] step(Recurrent<?> layer, double[] x, int xAt, double[][] state, int at) {
    double[] h = Arrays.copyOfRange(state[0], at, at + layer.units());
    row = at / layer.units();
    double[] next;
    if (layer instanceof LSTM lstm) {
      next = lstm(lstm, x, xAt, h, state[1], at);
    } else if (layer instanceof GRU gru) {
      next = gru(gru, x, xAt, h);
    } else {
      next = gate(layer, x, xAt, h, 0, 1, layer.activation());
    }
    System.arraycopy(next, 0, state[0], at, next.length);
    return next;
  }

  private double[] lstm(LSTM layer, double[] x, int xAt, double[] h, double[] c, int at) {
    double[] i = gate(layer, x, xAt, h, 0, 4, layer.recurrentActivation());
    double[] f = gate(layer, x, xAt, h, 1, 4, layer.recurrentActivation());
    double[] g = gate(layer, x, xAt, h, 2, 4, layer.activation());
    double[] o = gate(layer, x, xAt, h, 3, 4, layer.recurrentActivation());
    double[] out = new double[h.length];
    for (int j = 0; j < h.length; j++) {
      c[at + j] = f[j] * c[at + j] + i[j] * g[j];
      out[j] = c[at + j];
    }
    activate(layer.activation(), out, 0, out.length);
    for (int j = 0; j < h.length; j++) {
      out[j] *= o[j];
    }
    return out;
  }

  private double[] gru(GRU layer, double[] x, int xAt, double[] h) {
    int units = layer.units();
    double[] z = gate(layer, x, xAt, h, 0, 3, layer.recurrentActivation());
    double[] r = gate(layer, x, xAt, h, 1, 3, layer.recurrentActivation());
    double[] resetState = h.clone();
    for (int j = 0; j < units; j++) {
      resetState[j] *= r[j];
    }
    double[] n = new double[units];
    for (int j = 0; j < units; j++) {
      int column = 2 * units + j;
      n[j] = product(layer.name(), 0, x, xAt, column, 3 * units, input(layer, 2)) + (layer.useBias() ? weight(layer.name(), 2, column) : 0);
      if (layer.resetAfter()) {
        double bias = layer.useBias() ? weight(layer.name(), 2, 3 * units + column) : 0;
        n[j] += r[j] * (product(layer.name(), 1, h, 0, column, 3 * units, state(layer, 2)) + bias);
      } else {
        n[j] += product(layer.name(), 1, resetState, 0, column, 3 * units, state(layer, 2));
      }
    }
    activate(layer.activation(), n, 0, units);
    for (int j = 0; j < units; j++) {
      n[j] = z[j] * h[j] + (1 - z[j]) * n[j];
    }
    return n;
  }

  /** One of several gates side by side: {@code f(x @ kernel + h @ recurrent_kernel + bias)}. */
  private double[] gate(Recurrent<?> layer, double[] x, int xAt, double[] h, int gate, int gates, ActivationFunction f) {
    String name = layer.name();
    int units = layer.units();
    int columns = gates * units;
    double[] y = new double[units];
    for (int j = 0; j < units; j++) {
      int column = gate * units + j;
      y[j] = product(name, 0, x, xAt, column, columns, input(layer, gate))
          + product(name, 1, h, 0, column, columns, state(layer, gate));
      if (layer.useBias()) {
        y[j] += weight(name, 2, column);
        y[j] += layer instanceof GRU gru && gru.resetAfter() ? weight(name, 2, columns + column) : 0;
      }
    }
    activate(f, y, 0, units);
    return y;
  }

  private IntToDoubleFunction input(Recurrent<?> layer, int gate) {
    return j -> dropped.getOrDefault(layer.name(), ALL).input.of(gate, row, j);
  }

  private IntToDoubleFunction state(Recurrent<?> layer, int gate) {
    return j -> dropped.getOrDefault(layer.name(), ALL).state.of(gate, row, j);
  }

  private double weight(String layer, int variable, int index) {
    return weights[layout.slices(layer).get(variable).at() + index];
  }

  /** One column of a row, each element by its factor, times a matrix. */
  private double product(String layer, int variable, double[] x, int xAt, int column, int columns, IntToDoubleFunction factor) {
    Weights.Slice matrix = layout.slices(layer).get(variable);
    double sum = 0;
    for (int i = 0; i < matrix.shape().axis(0); i++) {
      sum += factor.applyAsDouble(i) * x[xAt + i] * weights[matrix.at() + i * columns + column];
    }
    return sum;
  }

  static void activate(ActivationFunction activation, double[] a, int at, int n) {
    Function f = Functions.of(activation);
    double sum = 0;
    for (int j = at; j < at + n; j++) {
      a[j] = f.rowWise() ? a[j] : Reference.of(f, a[j]);
      sum += StrictMath.exp(a[j]);
    }
    for (int j = at; f.rowWise() && j < at + n; j++) {
      a[j] = f == Function.SOFTMAX ? StrictMath.exp(a[j]) / sum : a[j] - StrictMath.log(sum);
    }
  }
}
