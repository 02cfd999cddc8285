package dev.rill;

import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import java.time.Duration;

/** The models that benchmarks run, and data for them. */
final class Layers {
  private Layers() {}

  /** A network of one recurrent layer with fresh weights, warmed up or cold; {@code size} is {@code inputs->units}. */
  static Network network(String layer, String size, boolean sequences, boolean warm) {
    return network(layer, size, sequences, warm, Precision.FLOAT32);
  }

  static Network network(String layer, String size, boolean sequences, boolean warm, Precision precision) {
    int inputs = inputs(size);
    int units = units(size);
    Layer one;
    switch (layer) {
      case "lstm":
        one = new LSTM(units).returnSequences(sequences);
        break;
      case "gru":
        one = new GRU(units).returnSequences(sequences);
        break;
      default:
        one = new SimpleRNN(units).returnSequences(sequences);
    }
    Network network = Sequential.of(Input.shape(Shape.UNKNOWN, inputs), one).freeze(precision);
    if (warm) {
      // Large layers step too seldom in a benchmark's own warm-up to be compiled by its end.
      network.warmUp(Duration.ofSeconds(20));
    }
    return network;
  }

  static int inputs(String size) {
    return Integer.parseInt(size.substring(0, size.indexOf('-')));
  }

  static int units(String size) {
    return Integer.parseInt(size.substring(size.indexOf('>') + 1));
  }

  /** Small numbers of both signs. */
  static float[] data(int count) {
    float[] data = new float[count];
    for (int i = 0; i < count; i++) {
      data[i] = (i * 37 % 64 - 32) / 32f;
    }
    return data;
  }
}
