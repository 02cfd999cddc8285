package dev.rill;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.WeightFormat;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.Objectives;
import dev.rill.training.RMSprop;
import dev.rill.training.TrainingThreads;
import dev.rill.variables.Initializer;
import dev.rill.variables.Orthogonal;
import dev.rill.variables.VarianceScaling;
import java.time.Duration;
import java.util.List;

/** The models that benchmarks run, and data for them. */
public final class Layers {
  /** Orthogonal weights of 2048 units would take longer to make than to measure. */
  private static final Initializer QUICK =
      new VarianceScaling(1, VarianceScaling.Fan.AVERAGE, VarianceScaling.Distribution.UNIFORM);

  private Layers() {}

  /** A network of one recurrent layer with fresh weights, warmed up or cold; {@code size} is {@code inputs->units}. */
  static Network network(String layer, String size, boolean sequences, boolean warm) {
    return network(layer, size, sequences, warm, Precision.FLOAT32);
  }

  static Network network(String layer, String size, boolean sequences, boolean warm, Precision precision) {
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, inputs(size)), cell(layer, units(size), sequences))
        .freeze(precision);
    if (warm) {
      warm(network);
    }
    return network;
  }

  /** A network that reads a window, warmed up: two LSTM, a bidirectional one, or one on a convolution. */
  static Network reader(String kind, int inputs, int units) {
    Layer[] layers = switch (kind) {
      case "stacked" -> new Layer[] {new LSTM(units).returnSequences(true), new LSTM(units)};
      case "bidirectional" -> new Layer[] {new Bidirectional(new LSTM(units))};
      default -> new Layer[] {new Conv1D(units, 5).activation("relu"), new LSTM(units)};
    };
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, inputs), layers).freeze();
    warm(network);
    return network;
  }

  private static Layer cell(String layer, int units, boolean sequences) {
    Recurrent<?> cell = switch (layer) {
      case "lstm" -> new LSTM(units);
      case "gru" -> new GRU(units);
      default -> new SimpleRNN(units);
    };
    return cell.returnSequences(sequences).recurrentInitializer(QUICK);
  }

  /** A model to train, ready for its first batch: one recurrent layer, and a softmax on its last step. */
  static Model training(String layer, String size, int steps, TrainingThreads threads) {
    int inputs = inputs(size);
    Model model = Sequential.of(Input.shape(steps, inputs), cell(layer, units(size), false),
        new Dense(inputs).activation("softmax"));
    model.initialize(1);
    model.compile(new RMSprop(), Objectives.of(new CategoricalCrossentropy()), threads);
    warm(model.freeze());
    return model;
  }

  /** A batch for {@link #training}. */
  static Batch batch(String size, int rows, int steps) {
    int inputs = inputs(size);
    Tensor targets = Tensor.zeros(rows, inputs);
    for (int row = 0; row < rows; row++) {
      targets.set(row, row % inputs, 1);
    }
    return Batch.of(List.of(Tensor.of(data(rows * steps * inputs), rows, steps, inputs)), List.of(targets));
  }

  /** Large layers step too seldom in a benchmark's own warm-up to be compiled, and taken over by SIMD, by its end. */
  private static void warm(Network network) {
    WarmUp done = network.warmUp(Duration.ofSeconds(60));
    if (KernelChoice.simdPending(WeightFormat.valueOf(network.precision().name()))) {
      throw new IllegalStateException("SIMD has not taken over: " + done);
    }
  }

  static int inputs(String size) {
    return Integer.parseInt(size.substring(0, size.indexOf('-')));
  }

  static int units(String size) {
    return Integer.parseInt(size.substring(size.indexOf('>') + 1));
  }

  /** Small numbers of both signs. */
  public static float[] data(int count) {
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = (i * 37 % 64 - 32) / 32f;
    }
    return data;
  }
}
