package dev.rill.serving;

import dev.rill.Network;
import dev.rill.Predictor;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;

/** Requests that are whole windows: each begins at zero and leaves nothing behind, whatever its key. */
final class WindowRows<K> extends BatchRows<K> {
  private final int steps;
  private final int inputs;
  private final int outputs;
  private Network network;
  private Predictor predictor;

  WindowRows(Network network, int steps) {
    this.network = network;
    this.steps = steps;
    predictor = predictor(network, steps);
    inputs = inputs(network, steps);
    outputs = outputs(network, predictor, steps);
  }

  /** A predictor that reads windows of so many steps. */
  static Predictor predictor(Network network, int steps) {
    Predictor predictor = network.predictor();
    predictor.run(0, steps, new float[0], new float[0]);
    return predictor;
  }

  /** Floats of a window. */
  static int inputs(Network network, int steps) {
    return Math.multiplyExact(steps, network.inputFeatures(0));
  }

  /** Floats of what is said of a window. */
  static int outputs(Network network, Predictor predictor, int steps) {
    return Math.multiplyExact(predictor.outputSteps(steps), network.outputFeatures(0));
  }

  @Override
  Network network() {
    return network;
  }

  @Override
  int inputs() {
    return inputs;
  }

  @Override
  int outputs() {
    return outputs;
  }

  @Override
  void now(long nanos) {}

  @Override
  void step(K[] keys, int n, float[] x, float[] y) {
    predictor.run(n, steps, x, y);
  }

  @Override
  State take(K key) {
    return null;
  }

  @Override
  int expire(long now, long idleNanos, Eviction<? super K> sink) {
    return 0;
  }

  @Override
  int size() {
    return 0;
  }

  @Override
  int maxStreams() {
    return 0;
  }

  @Override
  Runnable prepareSwap(Network next, Carry carry) {
    Require.given(carry, "what becomes of states of other weights");
    Predictor prepared = predictor(next, steps);
    if (inputs(next, steps) != inputs || outputs(next, prepared, steps) != outputs) {
      throw new ShapeException("the next network reads windows of " + inputs(next, steps) + " floats and answers with "
          + outputs(next, prepared, steps) + ": expected " + inputs + " and " + outputs);
    }
    return () -> {
      network = next;
      predictor = prepared;
    };
  }
}
