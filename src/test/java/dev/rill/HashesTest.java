package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.layers.Activation;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.AveragePooling1D;
import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.Flatten;
import dev.rill.layers.GRU;
import dev.rill.layers.GaussianNoise;
import dev.rill.layers.GlobalAveragePooling1D;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Multiply;
import dev.rill.layers.PReLU;
import dev.rill.layers.Normalization;
import dev.rill.layers.Dot;
import dev.rill.layers.LayerNormalization;
import dev.rill.layers.LeakyReLU;
import dev.rill.layers.Masking;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.NestedModel;
import dev.rill.layers.Permute;
import dev.rill.layers.RNN;
import dev.rill.layers.Recurrent;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Softmax;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Objectives;
import dev.rill.training.RMSprop;
import dev.rill.variables.Regularizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * One result everywhere: hashes of outputs and states of a fixed set of models, kept in {@code testdata/hashes.txt},
 * come out the same under every kernel choice, JDK and machine.
 */
class HashesTest {
  private static final Path FILE = Path.of("testdata", "hashes.txt");
  private static final int[] UNITS = {1, 3, 5, 13, 33, 47, 64};
  private static final int[] BATCHES = {1, 2, 3, 5, 32};
  private static final String HEADER = """
      # SHA-256 of outputs and states to the bit (float32, little-endian, one NaN), a model a line: the same under every
      # kernel choice, JDK and machine. Inputs and weights are functions of the model's place in the list.
      # A changed hash is a changed promise. If that is meant, write the file anew:
      #   mvn -q test-compile && java -cp target/classes:target/test-classes dev.rill.HashesTest
      """;

  /** Collects floats of all kinds of results. */
  private static final class Hash {
    private final MessageDigest digest;

    Hash() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    Hash add(float[] values) {
      for (float value : values) {
        int bits = Float.floatToIntBits(value);
        digest.update(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
      }
      return this;
    }

    Hash add(State state) {
      for (int p = 0; p < state.planes().size(); p++) {
        add(state.values(p));
      }
      return this;
    }

    @Override
    public String toString() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  private final Map<String, Supplier<String>> all = new LinkedHashMap<>();

  private HashesTest() {
    for (String cell : List.of("lstm", "gru", "gru-reset-before", "simple-rnn")) {
      for (int i = 0; i < UNITS.length; i++) {
        int batch = BATCHES[i % BATCHES.length];
        int in = UNITS[(2 * i + 3) % UNITS.length];
        stream(cell + " " + in + " to " + UNITS[i] + ", batch " + batch, in, batch, 1,
            cell(cell, UNITS[i], "tanh", "sigmoid"));
      }
      stream(cell + " saturating", 5, 3, 1000, cell(cell, 13, "tanh", "sigmoid"));
      stream(cell + " special inputs", 5, 32, 0, cell(cell, 13, "tanh", "sigmoid"));
      stream(cell + " tiny inputs", 5, 3, 0x1p-140f, cell(cell, 13, "tanh", "sigmoid"));
      for (String activation : List.of("relu", "softsign", "elu", "gelu", "softmax", "linear", "mish")) {
        stream(cell + " " + activation + " hard_sigmoid", 3, 5, 1, cell(cell, 17, activation, "hard_sigmoid"));
      }
      stream(cell + " sigmoid tanh", 3, 2, 1, cell(cell, 33, "sigmoid", "tanh"));
    }
    stream("no bias", 3, 3, 1, new LSTM(5).useBias(false).returnSequences(true),
        new GRU(7).useBias(false).returnSequences(true),
        new SimpleRNN(9).useBias(false));
    stream("deep", 4, 5, 1, new LSTM(33).returnSequences(true), new Dropout(0.5), new GRU(20).returnSequences(true),
        new TimeDistributed(new Dense(12).activation("relu")), new SimpleRNN(40), new Dense(130).activation("softmax"));
    stream("wide", 129, 2, 1, new LSTM(128).returnSequences(true), new GRU(127).returnSequences(true), new Dense(255));
    for (ActivationFunction f : ActivationFunction.values()) {
      if (f != ActivationFunction.KERAS2_HARD_SIGMOID) {
        all.put("activation " + f.kerasName(), () -> activation(f));
      }
    }
    all.put("goes backwards", () -> {
      Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 5),
          new LSTM(13).goBackwards(true).returnSequences(true),
          new GRU(5).goBackwards(true));
      model.initialize(77);
      return new Hash().add(model.predict(Tensor.of(Samples.floats(78, 3 * 9 * 5, 2), 3, 9, 5)).toArray()).toString();
    });
    all.put("encoder and decoder", HashesTest::encoder);
    for (String cell : List.of("lstm", "gru", "gru-reset-before", "simple-rnn")) {
      all.put("trained " + cell, () -> trained(cell(cell, 21, "tanh", "sigmoid"), cell(cell, 17, "gelu", "hard_sigmoid")));
    }
    for (Recurrent<?> cell : List.of(new LSTM(21), new GRU(21), new GRU(21).resetAfter(false), new SimpleRNN(21))) {
      String kind = cell instanceof GRU gru && !gru.resetAfter() ? "GRU reset before" : cell.className();
      all.put("trained tagger of " + kind, () -> tagger(cell.dropout(0.1).recurrentDropout(0.3).returnSequences(true)));
    }
    all.put("fresh weights", () -> {
      Hash hash = new Hash();
      for (long seed : new long[] {0, 1, -1, Long.MAX_VALUE}) {
        Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 7), new LSTM(13).returnSequences(true),
            new GRU(33), new Dense(3));
        model.initialize(seed);
        hash.add(model.weights().values());
      }
      return hash.toString();
    });
    for (Precision precision : List.of(Precision.BFLOAT16, Precision.INT8)) {
      for (String cell : List.of("lstm", "gru", "gru-reset-before", "simple-rnn")) {
        for (int i = 0; i < UNITS.length; i += 2) {
          int batch = BATCHES[i % BATCHES.length];
          int in = UNITS[(2 * i + 3) % UNITS.length];
          stream(precision + " " + cell + " " + in + " to " + UNITS[i] + ", batch " + batch, precision, in, batch, 1,
              cell(cell, UNITS[i], "tanh", "sigmoid"));
        }
        stream(precision + " " + cell + " special inputs", precision, 5, 32, 0, cell(cell, 13, "tanh", "sigmoid"));
        stream(precision + " " + cell + " tiny inputs", precision, 5, 3, 0x1p-140f, cell(cell, 13, "tanh", "sigmoid"));
      }
      stream(precision + " deep", precision, 4, 5, 1, new LSTM(33).returnSequences(true), new GRU(20).returnSequences(true),
          new TimeDistributed(new Dense(12).activation("relu")), new SimpleRNN(40), new Dense(130).activation("softmax"));
      all.put(precision + " embedding", () -> embedding(precision));
    }
    // What came later stands last: the seeds of what is above are those of their lines.
    all.put("activation keras2_hard_sigmoid", () -> activation(ActivationFunction.KERAS2_HARD_SIGMOID));
    stream("normalized", 13, 5, 1, new BatchNormalization(), new LSTM(20).returnSequences(true), new LayerNormalization(),
        new LeakyReLU(), new Softmax());
    stream("distributed", 13, 3, 1, new TimeDistributed(new NestedModel(Sequential.of(Input.shape(13), new Dense(20).activation("tanh"),
        new LayerNormalization(), new Dense(7)).graph())), new RNN(List.<Recurrent<?>>of(new LSTM(13), new GRU(5))).returnSequences(true));
    all.put("both ways", () -> windows(new Bidirectional(new LSTM(13).returnSequences(true)), new Permute(2, 1),
        new Bidirectional(new GRU(5)).merge(Bidirectional.Merge.MUL)));
    all.put("trained both ways", () -> trained(new Bidirectional(new LSTM(13).returnSequences(true)), new BatchNormalization(),
        new GaussianNoise(0.1), new Flatten()));
    for (Precision precision : Precision.values()) {
      stream(precision + " causal convolutions", precision, 5, 3, 1, new Conv1D(13, 3).padding("causal").activation("tanh"),
          new Conv1D(33, 2).padding("causal").dilationRate(3), new Conv1D(12, 1).groups(3), new GRU(7).returnSequences(true));
      all.put(precision + " convolutions", () -> convolutions(precision));
    }
    all.put("trained convolutions", () -> trained(new Conv1D(21, 4).padding("same").dilationRate(2).activation("elu"),
        new Conv1D(17, 2).strides(2), new MaxPooling1D(2), new Conv1D(9, 2).padding("causal"), new GlobalAveragePooling1D()));
    stream("figures for each feature", 5, 3, 1, new Normalization().figures(new double[] {0.1, 0.2, 0.3, 0.4, 0.5},
        new double[] {0.5, 1, 1.5, 2, 3}), new LSTM(13).returnSequences(true), new PReLU().sharedAxes(1), new Normalization());
    all.put("attention", () -> attention(false));
    all.put("trained attention", () -> attention(true));
  }

  /** Products of sequences, sequences one behind the other, inputs that are repeated. */
  private static String attention(boolean trained) {
    Symbol x = Input.shape(9, 5);
    Symbol keys = new LSTM(13).returnSequences(true).apply(x);
    Symbol scores = new Softmax().apply(new Dot(2).normalize(true).apply(List.of(new GRU(13).returnSequences(true).apply(x), keys)));
    Symbol read = new PReLU().apply(new Dot(2, 1).apply(List.of(scores, keys)));
    Symbol joined = new Multiply().apply(List.of(new Concatenate(1).apply(List.of(read, keys)), new GRU(13).apply(read)));
    Model model = Model.of(x, new Dense(3).apply(new GRU(7).apply(joined)));
    model.initialize(80);
    Tensor data = Tensor.of(Samples.floats(81, 4 * 9 * 5, 1), 4, 9, 5);
    if (!trained) {
      return new Hash().add(model.predict(data).toArray()).toString();
    }
    model.compile("adam", "mse");
    for (int i = 0; i < 3; i++) {
      model.trainOnBatch(data, Tensor.of(Samples.floats(82, 4 * 3, 1), 4, 3));
    }
    return new Hash().add(model.weights().values()).toString();
  }

  /** Windows of every padding, and poolings. */
  private static String convolutions(Precision precision) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 5), new Conv1D(21, 3).activation("relu"), new MaxPooling1D(2),
        new Conv1D(12, 4).padding("same").strides(2), new AveragePooling1D(3).strides(1).padding("same"),
        new Conv1D(6, 2).groups(3).dilationRate(3).padding("same").activation("softmax"), new GlobalAveragePooling1D());
    model.initialize(68);
    model.predictWith(precision);
    Hash hash = new Hash();
    for (int steps : new int[] {7, 60}) {
      hash.add(model.predict(Tensor.of(Samples.floats(69, 9 * steps * 5, 1), 9, steps, 5), 5).toArray());
    }
    return hash.toString();
  }

  /** Whole windows of a model that does not stream. */
  private static String windows(Layer... chain) {
    Sequential model = Sequential.of(Input.shape(9, 5), chain);
    model.initialize(70);
    Hash hash = new Hash();
    hash.add(model.predict(Tensor.of(Samples.floats(71, 4 * 9 * 5, 1), 4, 9, 5)).toArray());
    return hash.toString();
  }

  /** Weights and averages after three updates. */
  private static String trained(Layer... chain) {
    List<Layer> layers = new ArrayList<>(List.of(chain));
    layers.add(new Dense(3));
    Sequential model = Sequential.of(Input.shape(9, 5), layers.toArray(new Layer[0]));
    model.initialize(72);
    model.compile("adam", "mse");
    for (int i = 0; i < 3; i++) {
      model.trainOnBatch(Tensor.of(Samples.floats(73, 4 * 9 * 5, 1), 4, 9, 5), Tensor.of(Samples.floats(74, 4 * 3, 1), 4, 3));
    }
    Hash hash = new Hash();
    hash.add(model.weights().values());
    return hash.toString();
  }

  /** Ids through a table and an LSTM. */
  private static String embedding(Precision precision) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(9, 7), new LSTM(13));
    model.initialize(66);
    model.predictWith(precision);
    float[] ids = Samples.integers(67, 5 * 6, 4);
    for (int i = 0; i < ids.length; i++) {
      ids[i] += 4;
    }
    return new Hash().add(model.predict(Tensor.of(ids, 5, 6)).toArray()).toString();
  }

  /** Weights and gradient after five updates, dropout included. */
  private static String trained(Layer first, Layer second) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 5), first, new Dropout(0.2), second, new Dense(7).activation("softmax"));
    model.initialize(91);
    model.compile("adam", "categorical_crossentropy");
    Tensor x = Tensor.of(Samples.floats(92, 6 * 9 * 5, 1), 6, 9, 5);
    Tensor y = Tensor.zeros(6, 9, 7);
    for (int row = 0; row < 6 * 9; row++) {
      y.array()[row * 7 + row * 5 % 7] = 1;
    }
    for (int i = 0; i < 5; i++) {
      model.trainOnBatch(x, y);
    }
    return new Hash().add(model.weights().values()).toString();
  }

  /** Weights after five updates through ids, joined masks, dropout inside the cell, an activity regularizer and a repetition. */
  private static String tagger(Recurrent<?> cell) {
    Symbol words = Input.shape(Shape.UNKNOWN);
    Symbol shapes = Input.shape(Shape.UNKNOWN, 3);
    Symbol joined = new Concatenate().apply(List.of(new Embedding(11, 5).maskZero(true).apply(words), new Masking().apply(shapes)));
    Symbol tags = new Dense(4).activation("softmax").activityRegularizer(Regularizer.l2(0.01)).apply(cell.apply(joined));
    Symbol code = new GRU(8).apply(joined);
    Symbol again = new Dense(3).apply(cell.apply(new RepeatVector(4).apply(code)));
    Model model = Model.of(List.of(words, shapes), List.of(tags, again));
    model.initialize(93);
    model.compile(new RMSprop(0.01), Objectives.of(List.of(new CategoricalCrossentropy(), new MeanSquaredError())));
    float[] ids = new float[6 * 9];
    float[] x = Samples.floats(94, 6 * 9 * 3, 1);
    float[] y = new float[6 * 9 * 4];
    for (int step = 0; step < 6 * 9; step++) {
      ids[step] = step * 7 % 11 * (step % 4 < 2 ? 1 : 0);
      Arrays.fill(x, step * 3, step * 3 + (step % 3 == 0 ? 3 : 0), 0);
      y[step * 4 + step * 5 % 4] = 1;
    }
    Batch batch = Batch.of(List.of(Tensor.of(ids, 6, 9), Tensor.of(x, 6, 9, 3)),
        List.of(Tensor.of(y, 6, 9, 4), Tensor.of(Samples.floats(95, 6 * 4 * 3, 1), 6, 4, 3)));
    Hash hash = new Hash();
    for (int i = 0; i < 5; i++) {
      hash.add(new float[] {(float) model.trainOnBatch(batch).get("loss")});
    }
    return hash.add(model.weights().values()).toString();
  }

  private static Layer cell(String name, int units, String activation, String gate) {
    return switch (name) {
      case "lstm" -> new LSTM(units).activation(activation).recurrentActivation(gate).returnSequences(true);
      case "gru" -> new GRU(units).activation(activation).recurrentActivation(gate).returnSequences(true);
      case "gru-reset-before" -> new GRU(units).resetAfter(false).activation(activation).recurrentActivation(gate)
          .returnSequences(true);
      default -> new SimpleRNN(units).activation(activation).returnSequences(true);
    };
  }

  /** A chain in a session: four steps at once, then three one by one; scale 0 stands for special inputs. */
  private void stream(String name, int in, int rows, float scale, Layer... layers) {
    stream(name, Precision.FLOAT32, in, rows, scale, layers);
  }

  private void stream(String name, Precision precision, int in, int rows, float scale, Layer... layers) {
    int seed = 1000 * (all.size() + 1);
    all.put(name, () -> {
      Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, in), layers);
      model.initialize(seed);
      Network network = Samples.withBiases(model, seed).freeze(precision);
      Session session = network.session(rows);
      Hash hash = new Hash();
      int own = seed + 100;
      for (int steps : new int[] {4, 1, 1, 1}) {
        int n = rows * steps * in;
        own++;
        float[] x = scale == 0 ? Samples.withSpecials(own, n, 40) : Samples.floats(own, n, scale);
        boolean sequence = model.graph().shape(model.graph().outputs().get(0)).rank() == 3;
        float[] y = new float[rows * (sequence ? steps : 1) * network.outputFeatures(0)];
        session.run(steps, x, y);
        hash.add(y).add(session.state());
      }
      return hash.toString();
    });
  }

  /** A function all over the floats; one row of softmax is 37 of them, of moderate size. */
  private static String activation(ActivationFunction f) {
    boolean row = f == ActivationFunction.SOFTMAX || f == ActivationFunction.LOG_SOFTMAX;
    int width = row ? 37 : 64;
    int rows = 512;
    float[] x = row ? Samples.floats(5, rows * width, 30) : new float[rows * width];
    for (int i = 0; i < x.length && !row; i++) {
      // Every second one of any size, the others where functions bend.
      x[i] = i % 2 == 0 ? Float.intBitsToFloat(i * 131071) : Samples.unit(6, i) * 16;
    }
    Model model = Sequential.of(Input.shape(width), new Activation(f));
    return new Hash().add(model.predict(Tensor.of(x, rows, width)).toArray()).toString();
  }

  private static String encoder() {
    Symbol a = Input.shape(Shape.UNKNOWN, 3);
    Symbol b = Input.shape(Shape.UNKNOWN, 2);
    List<Symbol> encoded = new LSTM(21).returnState(true).call(a);
    Symbol decoded = new LSTM(21).returnSequences(true).call(b, encoded.get(1), encoded.get(2)).get(0);
    Model model = Model.of(List.of(a, b), List.of(new Dense(5).activation("softmax").apply(decoded), encoded.get(2)));
    model.initialize(55);
    Hash hash = new Hash();
    for (Tensor y : Samples.withBiases(model, 56).predict(List.of(Tensor.of(Samples.floats(57, 5 * 6 * 3, 1), 5, 6, 3),
        Tensor.of(Samples.floats(58, 5 * 8 * 2, 1), 5, 8, 2)), 2)) {
      hash.add(y.toArray());
    }
    return hash.toString();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    all.forEach((name, hash) -> lines.add(hash.get() + "  " + name));
    return lines;
  }

  @Test
  void outputsAndStatesHaveTheRecordedBits() throws IOException {
    List<String> recorded = Files.readAllLines(FILE).stream().filter(line -> !line.startsWith("#")).toList();
    assertEquals(String.join("\n", recorded), String.join("\n", lines()));
  }

  /** Writes the hashes to the file that is given, or anew to where the test reads them. */
  public static void main(String... args) throws IOException {
    Files.writeString(args.length > 0 ? Path.of(args[0]) : FILE, HEADER + String.join("\n", new HashesTest().lines()) + "\n");
  }
}
