package dev.rill.cli;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Sequential;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Nadam;
import dev.rill.training.Optimizer;
import dev.rill.training.RMSprop;
import dev.rill.training.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A model in a few words of JSON: a chain of layers, each an object of its kind and its size, and how it learns.
 *
 * <pre>{@code
 * {"layers": [{"lstm": 32}, {"dropout": 0.2}, {"dense": 1}],
 *  "optimizer": "adam", "learning_rate": 0.003, "loss": "mse", "metrics": ["mae"]}
 * }</pre>
 */
final class ModelDescription {
  private static final Set<String> RECURRENT = Set.of("lstm", "gru", "simple_rnn");

  private final JsonObject root;
  private final JsonArray layers;

  /** Checks the names of the fields. */
  ModelDescription(JsonObject root) {
    this.root = root;
    known(root, "layers", "optimizer", "learning_rate", "loss", "metrics");
    layers = root.array("layers");
  }

  private static void known(JsonObject object, String... names) {
    List<String> unknown = object.namesOtherThan(names);
    if (!unknown.isEmpty()) {
      throw new FormatException(object.place(unknown.get(0)) + ": a field that is not known here; expected only " + List.of(names));
    }
  }

  /**
   * Builds the model and compiles it.
   *
   * @param rows streams of a stateful model whose state goes on, 0 for a model of windows
   * @param features of its input
   * @param everyStep whether it gives an output for every step
   */
  Model build(int rows, int features, boolean everyStep, long seed) {
    List<Layer> chain = new ArrayList<>();
    int last = lastRecurrent();
    for (int i = 0; i < layers.size(); i++) {
      chain.add(layer(layers.object(i), rows > 0, everyStep || i < last));
    }
    Model model = Sequential.of(Input.batchShape(rows > 0 ? rows : Shape.UNKNOWN, Shape.UNKNOWN, features), chain.toArray(new Layer[0]));
    model.initialize(seed);
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; root.has("metrics") && i < root.array("metrics").size(); i++) {
      metrics.add(Metric.named(root.array("metrics").string(i)));
    }
    model.compile(optimizer(), Loss.named(root.string("loss", "mse")), metrics.toArray(new Metric[0]));
    return model;
  }

  private int lastRecurrent() {
    int last = -1;
    for (int i = 0; i < layers.size(); i++) {
      last = RECURRENT.contains(kind(layers.object(i))) ? i : last;
    }
    return last;
  }

  /** The only field of a layer that is not one of its options. */
  private static String kind(JsonObject layer) {
    List<String> names = layer.namesOtherThan("activation");
    if (names.size() != 1) {
      throw new FormatException(layer.place("") + ": expected one of lstm, gru, simple_rnn, dense and dropout, found " + layer.names());
    }
    return names.get(0);
  }

  private static Layer layer(JsonObject layer, boolean stateful, boolean sequences) {
    String kind = kind(layer);
    String activation = layer.string("activation", null);
    if (activation != null && !kind.equals("dense")) {
      throw new FormatException(layer.place("activation") + ": goes with dense only");
    }
    return switch (kind) {
      case "lstm" -> new LSTM(layer.integer(kind)).stateful(stateful).returnSequences(sequences);
      case "gru" -> new GRU(layer.integer(kind)).stateful(stateful).returnSequences(sequences);
      case "simple_rnn" -> new SimpleRNN(layer.integer(kind)).stateful(stateful).returnSequences(sequences);
      case "dense" -> activation == null ? new Dense(layer.integer(kind)) : new Dense(layer.integer(kind)).activation(activation);
      case "dropout" -> new Dropout(layer.number(kind));
      default -> throw new FormatException(layer.place(kind) + ": expected one of lstm, gru, simple_rnn, dense and dropout");
    };
  }

  private Optimizer optimizer() {
    String name = root.string("optimizer", "adam");
    if (!root.has("learning_rate")) {
      return Optimizer.named(name);
    }
    double rate = root.number("learning_rate");
    return switch (name) {
      case "adam" -> new Adam(rate);
      case "sgd" -> new SGD(rate);
      case "rmsprop" -> new RMSprop(rate);
      case "nadam" -> new Nadam(rate);
      case "adagrad" -> new Adagrad(rate);
      default -> throw new FormatException(root.place("optimizer") + ": expected adam, sgd, rmsprop, nadam or adagrad where there is a "
          + "learning_rate, found " + name);
    };
  }
}
