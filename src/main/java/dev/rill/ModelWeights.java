package dev.rill;

import dev.rill.keras.KerasFile;
import dev.rill.layers.Graph;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model's weights, as its user reads and replaces them. */
final class ModelWeights {
  private final Graph graph;
  private final Weights weights;
  private final BatchPredictor forward;
  private final OneThread use;

  ModelWeights(Graph graph, Weights weights, BatchPredictor forward, OneThread use) {
    this.graph = graph;
    this.weights = weights;
    this.forward = forward;
    this.use = use;
  }

  /** Sets fresh weights. */
  void initialize(long seed) {
    use.enter();
    try {
      weights.initialize(seed);
      forward.changed();
    } finally {
      use.leave();
    }
  }

  /** Takes over those of some layers of another model, all or none. */
  void copy(ModelWeights from, List<String> layers) {
    use.enter();
    try {
      from.use.enter();
      try {
        weights.copy(from.weights, layers);
      } finally {
        from.use.leave();
      }
      forward.changed();
    } finally {
      use.leave();
    }
  }

  /** Takes those of a file, all or none. */
  void load(Path file) throws IOException {
    use.enter();
    try {
      Weights loaded = weights.copy();
      KerasFile.loadWeights(file, graph, loaded);
      System.arraycopy(loaded.values(), 0, weights.values(), 0, loaded.values().length);
      forward.changed();
    } finally {
      use.leave();
    }
  }

  /** A network with the weights of this moment. */
  Network freeze(Precision precision) {
    use.enter();
    try {
      return Network.of(graph, weights, precision);
    } finally {
      use.leave();
    }
  }

  /** Copies of the variables of one layer. */
  List<Tensor> of(String layer) {
    use.enter();
    try {
      List<Tensor> copies = new ArrayList<>();
      for (int i = 0; i < weights.slices(layer).size(); i++) {
        copies.add(weights.get(layer, i));
      }
      return copies;
    } finally {
      use.leave();
    }
  }

  /** Sets the variables of one layer, all or none. */
  void set(String layer, List<Tensor> values) {
    use.enter();
    try {
      check(layer, values);
      for (int i = 0; i < values.size(); i++) {
        weights.set(layer, i, values.get(i));
      }
      forward.changed();
    } finally {
      use.leave();
    }
  }

  private void check(String layer, List<Tensor> values) {
    List<Weights.Slice> slices = weights.slices(layer);
    if (values.size() != slices.size()) {
      throw new ShapeException("layer " + layer + " has " + slices.size() + " variables, got " + values.size());
    }
    for (int i = 0; i < values.size(); i++) {
      Shape expected = slices.get(i).shape();
      if (!expected.equals(values.get(i).shape())) {
        throw new ShapeException("layer " + layer + ", " + slices.get(i).name() + ": expected shape " + expected + ", got "
            + values.get(i).shape());
      }
    }
  }
}
