package dev.rill.serving;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Small models, and stores of the tests. */
final class Streams {
  static final int IN = 3;
  static final int OUT = 2;

  private Streams() {}

  /** One structure, other weights and names for each seed, as Keras numbers its layers anew. */
  static Network network(long seed) {
    return network(seed, 6);
  }

  static Network network(long seed, int units) {
    return model(seed, units).freeze();
  }

  static Sequential model(long seed) {
    return model(seed, 6);
  }

  private static Sequential model(long seed, int units) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(units).returnSequences(true).named("lstm_" + seed),
        new GRU(5).named("gru_" + seed), new Dense(OUT).named("head_" + seed));
    model.initialize(seed);
    return Samples.withBiases(model, seed);
  }

  /** A store in memory. */
  static class Store<K> implements StreamStore<K> {
    final Map<K, byte[]> states = new ConcurrentHashMap<>();

    @Override
    public void put(K key, byte[] state, int length) {
      states.put(key, Arrays.copyOf(state, length));
    }

    @Override
    public int get(K key, byte[] to) {
      byte[] state = states.get(key);
      if (state == null) {
        return -1;
      }
      System.arraycopy(state, 0, to, 0, state.length);
      return state.length;
    }

    @Override
    public void remove(K key) {
      states.remove(key);
    }
  }
}
