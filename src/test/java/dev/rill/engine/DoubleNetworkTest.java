package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.ModelLayer;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Activation;
import dev.rill.layers.Add;
import dev.rill.layers.AlphaDropout;
import dev.rill.layers.Average;
import dev.rill.layers.AveragePooling1D;
import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Cropping1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.ELU;
import dev.rill.layers.Embedding;
import dev.rill.layers.Flatten;
import dev.rill.layers.GRU;
import dev.rill.layers.GaussianDropout;
import dev.rill.layers.GaussianNoise;
import dev.rill.layers.GlobalAveragePooling1D;
import dev.rill.layers.GlobalMaxPooling1D;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.PReLU;
import dev.rill.layers.Normalization;
import dev.rill.layers.Dot;
import dev.rill.layers.LayerNormalization;
import dev.rill.layers.LeakyReLU;
import dev.rill.layers.Masking;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.Maximum;
import dev.rill.layers.Minimum;
import dev.rill.layers.Multiply;
import dev.rill.layers.NestedModel;
import dev.rill.layers.Permute;
import dev.rill.layers.RNN;
import dev.rill.layers.ReLU;
import dev.rill.layers.Recurrent;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.Rescaling;
import dev.rill.layers.Reshape;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Softmax;
import dev.rill.layers.SpatialDropout1D;
import dev.rill.layers.Subtract;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.layers.UpSampling1D;
import dev.rill.layers.ZeroPadding1D;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.AssertionFailedError;

/** The reference is itself held against predictions and against what Keras gives for masks. */
class DoubleNetworkTest {
  /** What fills masked steps. */
  static final double MASKED = 0.25;
  private static final int ROWS = 3;

  /** Models of every layer and wiring that the reference knows. */
  static Stream<Model> models() {
    List<Model> models = new ArrayList<>();
    for (Recurrent<?> cell : List.of(new LSTM(4), new LSTM(4).recurrentActivation("hard_sigmoid").useBias(false), new GRU(4),
        new GRU(4).useBias(false).activation("softsign"), new GRU(4).resetAfter(false),
        new GRU(4).resetAfter(false).useBias(false).recurrentActivation("softplus"), new SimpleRNN(4),
        new SimpleRNN(4).useBias(false).activation("selu"))) {
      models.add(Sequential.of(Input.shape(5, 3), cell, new Dense(2).activation("softmax")));
      models.add(Sequential.of(Input.shape(5, 3), cell.returnSequences(true).goBackwards(true), new Dropout(0.5),
          new TimeDistributed(new Dense(3).activation("tanh")), new Activation("log_softmax"), new GRU(2)));
      models.add(encoderDecoder(cell));
    }
    models.addAll(maskedModels());
    models.addAll(elementwiseModels());
    models.addAll(bidirectionalModels());
    models.addAll(rearrangedModels());
    models.addAll(joinedModels());
    models.addAll(distributedModels());
    models.addAll(normalizedModels());
    return initialized(models);
  }

  /** Models of windows over time, with seeds of their own: a largest value that is nearly another's has no derivative. */
  static Stream<Model> windowModels() {
    List<Model> models = convolutions();
    models.addAll(pooled());
    return initialized(models);
  }

  private static Stream<Model> initialized(List<Model> models) {
    long seed = 0;
    for (Model model : models) {
      model.initialize(++seed);
      Samples.withBiases(model, seed);
    }
    return models.stream();
  }

  /** Cells of all kinds over masked steps, whose outputs show the step before or zeros; what masks come from and pass through. */
  private static List<Model> maskedModels() {
    List<Model> models = new ArrayList<>();
    for (Recurrent<?> cell : List.of(new LSTM(4), new GRU(4), new GRU(4).resetAfter(false), new SimpleRNN(4),
        new LSTM(4).goBackwards(true), new GRU(4).zeroOutputForMask(true),
        new LSTM(3).zeroOutputForMask(true).recurrentActivation("hard_sigmoid").activation("softsign"))) {
      Symbol x = Input.shape(6, 3);
      Symbol masked = new Masking(MASKED).apply(x);
      List<Symbol> all = cell.returnSequences(true).returnState(true).call(masked);
      models.add(Model.of(List.of(x), List.of(all.get(0), all.get(1), cell.apply(new Dense(2).apply(masked)))));
    }
    Symbol words = Input.shape(6);
    Symbol more = Input.shape(6, 3);
    Layer table = new Embedding(9, 4).maskZero(true);
    Symbol joined = new Concatenate().apply(List.of(table.apply(words), new Masking(MASKED).apply(more), table.apply(words)));
    models.add(Model.of(List.of(words, more), List.of(new LSTM(3).returnSequences(true).apply(joined))));
    Symbol code = new GRU(3).apply(new Concatenate().apply(List.of(new Embedding(9, 2).apply(words), more)));
    models.add(Model.of(List.of(words, more), List.of(new Dense(2).apply(new LSTM(3).returnSequences(true)
        .apply(new RepeatVector(6).apply(code))), new Concatenate().apply(List.of(code, code)))));
    return models;
  }

  /** Element by element, of one input and of several, with a mask that passes through. */
  private static List<Model> elementwiseModels() {
    List<Model> models = new ArrayList<>();
    for (Layer layer : List.of(new ReLU(), new ReLU(0.5, 0.1, 0.2), new ReLU(6.0, 0, 0), new LeakyReLU(), new ELU(0.7),
        new Rescaling(1.5, -0.3), new Softmax(), new GaussianNoise(0.3), new GaussianDropout(0.3), new AlphaDropout(0.3),
        new SpatialDropout1D(0.3))) {
      models.add(Sequential.of(Input.shape(5, 3), new Dense(4), layer, new LSTM(2)));
    }
    for (Layer layer : List.of(new Add(), new Multiply(), new Average(), new Maximum(), new Minimum())) {
      Symbol x = Input.shape(5, 3);
      Symbol masked = new Masking(MASKED).apply(x);
      Symbol joined = layer.apply(List.of(new Dense(3).apply(masked), new Dense(3).apply(masked), new Rescaling(0.5, 0.1).apply(masked)));
      models.add(Model.of(x, new GRU(2).returnSequences(true).apply(joined)));
    }
    Symbol a = Input.shape(3);
    models.add(Model.of(a, new Subtract().apply(List.of(new Dense(3).apply(a), a))));
    return models;
  }

  /** Whatever is applied at each step: layers, a model, a recurrent layer over an axis of its own. */
  private static List<Model> distributedModels() {
    Graph inside = Sequential.of(Input.shape(3), new Dense(4).activation("tanh"), new LayerNormalization(), new Dense(2)).graph();
    return List.of(
        Sequential.of(Input.shape(5, 3), new TimeDistributed(new Dense(3).activation("tanh")), new TimeDistributed(new LeakyReLU()),
            new LSTM(2)),
        Sequential.of(Input.shape(5, 3), new TimeDistributed(new NestedModel(inside)), new GRU(2)),
        Sequential.of(Input.shape(5, 4, 3), new TimeDistributed(new LSTM(3)), new LSTM(2)),
        Sequential.of(Input.shape(4, 6), new TimeDistributed(new Reshape(2, 3)), new TimeDistributed(new GRU(2)), new Dense(2)),
        Sequential.of(Input.shape(3, 2, 3), new TimeDistributed(new Bidirectional(new LSTM(2).returnSequences(true))),
            new TimeDistributed(new Flatten()), new LSTM(2)));
  }

  /** The numbers of a row in other arrangements, from sequences and back. */
  private static List<Model> rearrangedModels() {
    return List.of(Sequential.of(Input.shape(5, 3), new Dense(4), new Flatten(), new Dense(2)),
        Sequential.of(Input.shape(6, 4), new LSTM(4).returnSequences(true), new Permute(2, 1), new GRU(3)),
        Sequential.of(Input.shape(12), new Dense(12), new Reshape(4, -1), new LSTM(2).returnSequences(true), new Reshape(2, 4),
            new GRU(2)));
  }

  /** Sequences multiplied with each other or one behind the other, inputs that are repeated, figures for each number of a row. */
  private static List<Model> joinedModels() {
    List<Model> models = new ArrayList<>();
    for (boolean normalize : new boolean[] {false, true}) {
      Symbol a = Input.shape(5, 3);
      Symbol b = Input.shape(4, 2);
      Symbol query = new LSTM(3).returnSequences(true).apply(a);
      Symbol keys = new GRU(3).returnSequences(true).apply(b);
      Symbol scores = new Dot(2).normalize(normalize).apply(List.of(query, keys));
      Symbol read = new Dot(2, 1).normalize(normalize).apply(List.of(new Softmax().apply(scores), keys));
      Symbol both = new Dot(1).normalize(normalize).apply(List.of(query, new Dense(2).apply(read)));
      Symbol last = new GRU(3).apply(read);
      models.add(Model.of(List.of(a, b), List.of(read, new GRU(2).apply(both),
          new Dot(-1).normalize(normalize).apply(List.of(last, new Dense(3).apply(last))))));
    }
    Symbol a = Input.shape(5, 3);
    Symbol b = Input.shape(2, 3);
    Symbol behind = new Concatenate(1).apply(List.of(new LSTM(3).returnSequences(true).apply(a), b, a));
    models.add(Model.of(List.of(a, b), List.of(new GRU(2).apply(behind), new Dense(2).apply(behind))));
    for (Layer layer : List.of(new Add(), new Multiply(), new Average(), new Maximum(), new Minimum())) {
      Symbol x = Input.shape(5, 3);
      Symbol one = new GlobalAveragePooling1D().keepDims(true).apply(x);
      models.add(Model.of(x, new GRU(2).returnSequences(true).apply(layer.apply(List.of(new GRU(3).apply(x), one,
          new Dense(1).apply(x), new Dense(3).apply(x))))));
    }
    for (Layer layer : List.of(new PReLU(), new PReLU().sharedAxes(1), new PReLU().sharedAxes(2), new Normalization(),
        new Normalization().axes(1, 2), new Normalization().overall().invert(true),
        new Normalization().figures(new double[] {0.5, 1, -1, 0}, new double[] {1, 2, 0.5, 4}),
        new Normalization().figures(new double[] {0.5}, new double[] {2}).invert(true))) {
      models.add(Sequential.of(Input.shape(5, 3), new Dense(4), layer, new LSTM(2)));
    }
    models.add(Sequential.of(Input.shape(3), new Dense(4), new PReLU(), new Normalization(), new Dense(2)));
    return models;
  }

  /** Those that differ in training. */
  static Stream<Model> trainedModels() {
    return initialized(normalizedModels());
  }

  /** Every option, masked steps among those that count; the averages' place is in the weights, so they are moved, too. */
  static List<Model> normalizedModels() {
    List<Model> models = new ArrayList<>();
    for (Layer layer : List.of(new LayerNormalization(), new LayerNormalization().center(false).epsilon(0.1),
        new LayerNormalization().scale(false), new BatchNormalization(), new BatchNormalization().scale(false).epsilon(0.1),
        new BatchNormalization().center(false), new LayerNormalization().axes(1), new LayerNormalization().axes(-1, 1),
        new LayerNormalization().axes(1).rmsScaling(true), new LayerNormalization().rmsScaling(true).scale(false),
        new BatchNormalization().axis(1), new BatchNormalization().axis(-2).scale(false))) {
      Symbol x = Input.shape(6, 4);
      Symbol masked = new Masking(MASKED).apply(x);
      models.add(Model.of(x, new LSTM(2).apply(layer.apply(new Dense(3).apply(masked)))));
    }
    for (Layer layer : List.of(new LayerNormalization().axes(2), new LayerNormalization().axes(1, 3),
        new LayerNormalization().axes(2, 3), new BatchNormalization().axis(2), new BatchNormalization(), new BatchNormalization().axis(1))) {
      models.add(Sequential.of(Input.shape(4, 2, 3), layer, new TimeDistributed(new Flatten()), new GRU(2)));
    }
    return models;
  }

  /** Every way of joining, sequences and last outputs, states, masks, one within the other. */
  private static List<Model> bidirectionalModels() {
    List<Model> models = new ArrayList<>();
    for (Bidirectional.Merge merge : Bidirectional.Merge.values()) {
      if (merge != Bidirectional.Merge.NONE) {
        models.add(Sequential.of(Input.shape(5, 3), new Bidirectional(new LSTM(4).returnSequences(true)).merge(merge),
            new Bidirectional(new GRU(2)).merge(merge), new Dense(2)));
      }
    }
    Symbol x = Input.shape(6, 3);
    Symbol masked = new Masking(MASKED).apply(x);
    List<Symbol> all = new Bidirectional(new LSTM(2).returnSequences(true).returnState(true)).call(masked);
    List<Symbol> both = new Bidirectional(new SimpleRNN(3)).merge(Bidirectional.Merge.NONE).call(all.get(0));
    List<Symbol> outputs = new ArrayList<>(all.subList(1, 5));
    outputs.addAll(both);
    outputs.addAll(new Bidirectional(new LSTM(2)).call(masked, all.subList(1, 5).toArray(new Symbol[0])));
    models.add(Model.of(List.of(x), outputs));
    List<Recurrent<?>> cells = List.of(new LSTM(2), new GRU(3));
    List<Symbol> stacked = new RNN(cells).returnState(true).returnSequences(true).call(masked);
    List<Symbol> stackedOutputs = new ArrayList<>(stacked);
    stackedOutputs.add(new RNN(cells).call(masked, stacked.subList(1, 4).toArray(new Symbol[0])).get(0));
    models.add(Model.of(List.of(x), stackedOutputs));
    models.add(Model.of(x, new Bidirectional(new RNN(List.of(new LSTM(2)))).apply(new Bidirectional(new RNN(cells).returnSequences(true))
        .apply(masked))));
    return models;
  }

  /** Windows of every padding, with strides, dilation and groups; of the whole sequence, and of a single step. */
  private static List<Model> convolutions() {
    List<Model> models = new ArrayList<>();
    for (Conv1D layer : List.of(new Conv1D(4, 3), new Conv1D(5, 2).padding("same").activation("tanh"),
        new Conv1D(3, 3).padding("causal"), new Conv1D(4, 3).padding("causal").dilationRate(2).groups(2).useBias(false),
        new Conv1D(3, 3).strides(2).activation("softplus"), new Conv1D(2, 4).padding("same").strides(2),
        new Conv1D(6, 2).padding("same").dilationRate(3).groups(2), new Conv1D(4, 2).padding("causal").strides(3),
        new Conv1D(4, 3).dilationRate(2).groups(4).activation("softmax"), new Conv1D(3, 6), new Conv1D(3, 1).dilationRate(2),
        new Conv1D(4, 1).groups(2).strides(2), new Conv1D(2, 2).padding("causal").dilationRate(7))) {
      models.add(Sequential.of(Input.shape(6, 4), layer, new LSTM(3).returnSequences(true),
          layer.groups(1).activation("sigmoid").padding("same"), new Dense(2)));
    }
    return models;
  }

  /** Pooling over windows and over the whole sequence, masked or not, and steps that are copied. */
  private static List<Model> pooled() {
    List<Model> models = new ArrayList<>();
    for (Layer layer : List.of(new MaxPooling1D(2), new MaxPooling1D(3).strides(1).padding("same"), new MaxPooling1D(4).strides(3),
        new AveragePooling1D(2), new AveragePooling1D(3).strides(2).padding("same"), new AveragePooling1D(1),
        new ZeroPadding1D(2, 1), new Cropping1D(1, 2), new UpSampling1D(3))) {
      models.add(Sequential.of(Input.shape(6, 3), new Dense(4).activation("tanh"), layer, new GRU(2).returnSequences(true)));
      models.add(Sequential.of(Input.shape(6, 3), new GRU(2).returnSequences(true), layer, new Dense(2)));
    }
    models.add(Sequential.of(Input.shape(6, 3), new Conv1D(1, 2), new TimeDistributed(new Reshape(1, 1)),
        new TimeDistributed(new Conv1D(2, 1).padding("same")), new TimeDistributed(new Flatten()), new LSTM(3)));
    models.add(Sequential.of(Input.shape(6, 4), new TimeDistributed(new Reshape(4, 1)),
        new TimeDistributed(new Conv1D(2, 3)), new TimeDistributed(new MaxPooling1D(2)), new TimeDistributed(new Flatten()), new GRU(2)));
    for (boolean keep : new boolean[] {false, true}) {
      Symbol x = Input.shape(6, 3);
      Symbol masked = new SimpleRNN(3).returnSequences(true).apply(new Masking(MASKED).apply(x));
      models.add(Model.of(List.of(x), List.of(new GlobalAveragePooling1D().keepDims(keep).apply(masked),
          new GlobalMaxPooling1D().keepDims(keep).apply(masked),
          new GlobalAveragePooling1D().keepDims(keep).apply(new Conv1D(2, 3).apply(masked)))));
    }
    return models;
  }

  /** One layer's states start another; a shared layer reads both sequences. */
  private static Model encoderDecoder(Recurrent<?> cell) {
    Symbol from = Input.shape(6, 3);
    Symbol to = Input.shape(4, 3);
    List<Symbol> encoded = cell.named("encoder").returnState(true).call(from);
    Symbol[] states = encoded.subList(1, encoded.size()).toArray(new Symbol[0]);
    Symbol decoded = cell.named("decoder").returnSequences(true).call(to, states).get(0);
    Layer shared = new SimpleRNN(2).named("shared");
    return Model.of(List.of(from, to), List.of(new Dense(2).useBias(false).apply(decoded), encoded.get(0), shared.apply(from),
        shared.apply(new Activation("elu").apply(to))));
  }

  static double[] doubles(float[] a) {
    double[] d = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      d[i] = a[i];
    }
    return d;
  }

  static double[] weights(Model model) {
    List<Double> all = new ArrayList<>();
    for (ModelLayer layer : model.layers()) {
      for (Tensor w : layer.weights()) {
        for (float v : w.toArray()) {
          all.add((double) v);
        }
      }
    }
    return all.stream().mapToDouble(Double::doubleValue).toArray();
  }

  static List<Tensor> inputs(Graph graph, int rows, long seed) {
    List<Tensor> inputs = new ArrayList<>();
    for (Graph.Ref ref : graph.inputs()) {
      int[] axes = graph.shape(ref).with(0, rows).toArray();
      float[] values = Samples.floats(seed + inputs.size(), Shape.of(axes).size(), 1);
      for (int i = 0; i < values.length; i++) {
        // Some ids; steps that are masked, if anything masks: the first and others.
        values[i] = graph.ids(ref) ? (int) (Math.abs(values[i]) * 9)
            : masks(graph) && i / axes[2] % 7 % 3 == 0 ? (float) MASKED : values[i];
      }
      inputs.add(Tensor.of(values, axes));
    }
    return inputs;
  }

  private static boolean masks(Graph graph) {
    return graph.layers().stream().anyMatch(Masking.class::isInstance);
  }

  static double[][] doubles(List<Tensor> tensors) {
    return tensors.stream().map(t -> doubles(t.toArray())).toArray(double[][]::new);
  }

  @ParameterizedTest
  @MethodSource({"models", "windowModels"})
  void predictionsAreTheReferences(Model model) {
    List<Tensor> x = inputs(model.graph(), ROWS, 11);
    List<Tensor> y = model.predict(x, ROWS);
    double[][] expected = new DoubleNetwork(model.graph()).run(weights(model), ROWS, doubles(x));
    assertEquals(expected.length, y.size());
    for (int o = 0; o < expected.length; o++) {
      assertArrayEquals(expected[o], doubles(y.get(o).toArray()), 1e-6, "output " + o);
    }
  }

  @Test
  void aResetStartsOneRowAnew() {
    Sequential model = Sequential.of(Input.shape(5, 2), new LSTM(3), new Dense(2));
    double[] x = doubles(Samples.floats(4, 2 * 5 * 2, 1));
    boolean[] resets = new boolean[5 * 2];
    resets[3 * 2 + 1] = true;
    double[] y = new DoubleNetwork(model.graph()).resets(resets).run(weights(model), 2, x)[0];

    DoubleNetwork plain = new DoubleNetwork(model.graph());
    double[] whole = plain.run(weights(model), 2, x)[0];
    double[] behind = plain.run(weights(model), 1, Arrays.copyOfRange(x, (5 + 3) * 2, 10 * 2))[0];
    assertArrayEquals(new double[] {whole[0], whole[1], behind[0], behind[1]}, y, 0);
  }

  @Test
  void aStateGoesOnWhereACallEnded() {
    Sequential model = Sequential.of(Input.shape(4, 2), new LSTM(3).stateful(true).named("lstm"));
    float[] x = Samples.floats(4, 2 * 4 * 2, 1);
    model.predict(Tensor.of(x, 2, 4, 2));
    List<Tensor> states = model.layer("lstm").states();
    Tensor y = model.predict(Tensor.of(x, 2, 4, 2));
    double[] expected = new DoubleNetwork(model.graph()).state("lstm", doubles(states)).run(weights(model), 2, doubles(x))[0];
    assertArrayEquals(expected, doubles(y.toArray()), 1e-6);
  }

  /** A running sum from 16 over 1, 2, 4, 8, of which Keras 3.15.1 on TensorFlow was given some steps. */
  @Test
  void masksAreKeras() {
    boolean[] odd = {false, true, false, true};
    boolean[] even = {true, false, true, false};
    assertArrayEquals(new double[] {0, 18, 18, 26}, masked(true, false, odd, false));
    assertArrayEquals(new double[] {0, 18, 0, 26}, masked(true, false, odd, true));
    assertArrayEquals(new double[] {24, 24, 26, 26}, masked(true, true, odd, false));
    assertArrayEquals(new double[] {24, 0, 26, 0}, masked(true, true, odd, true));
    assertArrayEquals(new double[] {26}, masked(false, true, odd, false));
    assertArrayEquals(new double[] {0}, masked(false, true, odd, true));
    assertArrayEquals(new double[] {17, 17, 21, 21}, masked(true, false, even, false));
    assertArrayEquals(new double[] {0, 20, 20, 21}, masked(true, true, even, false));
    assertArrayEquals(new double[] {0, 20, 0, 21}, masked(true, true, even, true));
    assertArrayEquals(new double[] {0}, masked(false, false, even, true));
  }

  private static double[] masked(boolean sequences, boolean backwards, boolean[] keep, boolean zeroOutput) {
    Sequential model = Sequential.of(Input.shape(4, 1), new SimpleRNN(1).named("sum").activation("linear")
        .returnSequences(sequences).goBackwards(backwards));
    return new DoubleNetwork(model.graph()).state("sum", new double[] {16}).mask("sum", keep, zeroOutput)
        .run(new double[] {1, 1, 0}, 1, new double[] {1, 2, 4, 8})[0];
  }

  @Test
  void aWrongGradientIsNamed() {
    GradientCheck.check("cubes", new float[] {12, 27}, new double[] {2, 3}, w -> w[0] * w[0] * w[0] + w[1] * w[1] * w[1], 1e-6,
        i -> "w" + i);
    AssertionFailedError e = assertThrows(AssertionFailedError.class, () -> GradientCheck.check("squares", new float[] {4, 7},
        new double[] {2, 3}, w -> w[0] * w[0] + w[1] * w[1], 1e-3, i -> "w" + i));
    assertTrue(e.getMessage().startsWith("squares: 1 of 2 elements are off, the worst w1: expected 5.99999"), e.getMessage());
    AssertionFailedError nan = assertThrows(AssertionFailedError.class, () -> GradientCheck.check("nan",
        new float[] {Float.NaN}, new double[] {2}, w -> w[0], 1e-3, i -> "w" + i));
    assertTrue(nan.getMessage().contains("got NaN"), nan.getMessage());
  }
}
