package dev.rill;

import static org.junit.jupiter.api.Assertions.fail;

import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Numbers and models that every test draws from: functions of a seed and of exact integer arithmetic alone. */
public final class Samples {
  private static final float[] SPECIAL = {
    0f, -0f, 1f, -1f, Float.MIN_VALUE, -Float.MIN_VALUE, 0x1p-127f, -0x1p-130f, Float.MIN_NORMAL, -Float.MIN_NORMAL,
    Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, 1e-20f, -1e20f,
    88f, -104f
  };

  private Samples() {}

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** One of 2^24 evenly spaced numbers in [-1, 1): exact on every machine. */
  public static float unit(long seed, long index) {
    return ((int) (mix(mix(seed) + index * 0x9e3779b97f4a7c15L) >>> 40) - (1 << 23)) * 0x1p-23f;
  }

  /** Numbers in [-scale, scale). */
  public static float[] floats(long seed, int n, float scale) {
    float[] a = new float[n];
    for (int i = 0; i < n; i++) {
      a[i] = scale * unit(seed, i);
    }
    return a;
  }

  /** Numbers in [-1, 1) of some shape. */
  public static Tensor tensor(long seed, int... shape) {
    return Tensor.of(floats(seed, Shape.of(shape).size(), 1), shape);
  }

  /** Ordinary numbers, among them about one in {@code every} that is special: NaN, infinite, -0, subnormal, huge. */
  public static float[] withSpecials(long seed, int n, int every) {
    float[] a = floats(seed, n, 2);
    Random random = new Random(seed);
    for (int i = 0; i < n; i++) {
      if (random.nextInt(every) == 0) {
        a[i] = SPECIAL[random.nextInt(SPECIAL.length)];
      }
    }
    return a;
  }

  public static float[] specials() {
    return SPECIAL.clone();
  }

  /** Small integers from -range to range. */
  public static float[] integers(long seed, int n, int range) {
    Random random = new Random(seed);
    float[] a = new float[n];
    for (int i = 0; i < n; i++) {
      a[i] = random.nextInt(2 * range + 1) - range;
    }
    return a;
  }

  /** Equal to the bit, -0 apart from +0; every NaN is the same. */
  public static void assertBits(float[] expected, float[] actual, String what) {
    if (expected.length != actual.length) {
      fail(what + ": expected " + expected.length + " floats, got " + actual.length);
    }
    assertBits(expected, 0, actual, 0, expected.length, what);
  }

  /** The same of a stretch. */
  public static void assertBits(float[] expected, int from, float[] actual, int at, int n, String what) {
    for (int i = 0; i < n; i++) {
      if (Float.floatToIntBits(expected[from + i]) != Float.floatToIntBits(actual[at + i])) {
        fail(what + " at " + i + ": expected " + expected[from + i] + " (" + Float.toHexString(expected[from + i])
            + "), got " + actual[at + i] + " (" + Float.toHexString(actual[at + i]) + ")");
      }
    }
  }

  /** Every plane of two states equal to the bit. */
  public static void assertBits(State expected, State actual, String what) {
    actual.checkStructure(expected.planes());
    for (int p = 0; p < expected.planes().size(); p++) {
      assertBits(expected.values(p), actual.values(p), what + ", state " + expected.planes().get(p));
    }
  }

  /** Gives every bias other than zero, so that a bias that is forgotten or misplaced shows. */
  public static <M extends Model> M withBiases(M model, long seed) {
    for (ModelLayer layer : model.layers()) {
      List<Tensor> weights = layer.weights();
      if (weights.isEmpty()) {
        continue;
      }
      Tensor last = weights.get(weights.size() - 1);
      boolean recurrent = layer.layer() instanceof Recurrent<?>;
      if (weights.size() == (recurrent ? 3 : 2)) {
        int[] axes = last.shape().toArray();
        weights.set(weights.size() - 1, Tensor.of(floats(++seed, last.size(), 0.5f), axes));
        layer.weights(weights);
      }
    }
    return model;
  }

  /**
   * A chain that can be streamed: one to three recurrent layers of random kind, size and options, perhaps convolutions before them
   * and a head.
   */
  public static Sequential streaming(long seed) {
    Random random = new Random(seed);
    int in = 1 + random.nextInt(20);
    List<Layer> layers = new ArrayList<>();
    int depth = 1 + random.nextInt(3);
    boolean sequences = random.nextBoolean();
    for (int i = 0; i < depth; i++) {
      if (random.nextInt(3) == 0) {
        layers.add(convolution(random));
      }
      layers.add(recurrent(random, sequences || i + 1 < depth));
      if (random.nextInt(4) == 0) {
        layers.add(new Dropout(0.5));
      }
    }
    if (random.nextBoolean()) {
      Dense head = new Dense(1 + random.nextInt(40)).activation(random.nextBoolean() ? "softmax" : "tanh");
      layers.add(sequences && random.nextBoolean() ? new TimeDistributed(head) : head);
    }
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, in), layers.toArray(new Layer[0]));
    model.initialize(seed);
    return withBiases(model, seed);
  }

  /** Windows that end with their own step. */
  private static Layer convolution(Random random) {
    Conv1D layer = new Conv1D(1 + random.nextInt(40), 1 + random.nextInt(4)).useBias(random.nextInt(4) > 0)
        .activation(random.nextBoolean() ? "tanh" : "linear").dilationRate(1 + random.nextInt(3));
    return layer.window().size() > 1 ? layer.padding("causal") : layer.padding(random.nextBoolean() ? "same" : "valid");
  }

  private static Layer recurrent(Random random, boolean sequences) {
    int units = 1 + random.nextInt(40);
    boolean bias = random.nextInt(4) > 0;
    ActivationFunction[] activations = {ActivationFunction.TANH, ActivationFunction.TANH, ActivationFunction.SOFTSIGN,
        ActivationFunction.SIGMOID};
    ActivationFunction activation = activations[random.nextInt(activations.length)];
    ActivationFunction gate = random.nextInt(4) > 0 ? ActivationFunction.SIGMOID : ActivationFunction.HARD_SIGMOID;
    return switch (random.nextInt(4)) {
      case 0 -> new SimpleRNN(units).activation(activation).useBias(bias).returnSequences(sequences);
      case 1 -> new GRU(units).activation(activation).recurrentActivation(gate).useBias(bias)
          .returnSequences(sequences);
      case 2 -> new GRU(units).resetAfter(false).activation(activation).recurrentActivation(gate).useBias(bias)
          .returnSequences(sequences);
      default -> new LSTM(units).activation(activation).recurrentActivation(gate).useBias(bias)
          .returnSequences(sequences);
    };
  }
}
