package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.Graph;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Loss;
import dev.rill.training.Metric;
import dev.rill.training.Objectives;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/**
 * A model's compile configuration to optimizer, losses and metrics. What each of the forms means that Keras takes for several
 * outputs follows its {@code compile_utils}. What cannot be carried over is refused by name.
 */
final class CompileReader {
  private final JsonObject config;
  private final Graph graph;
  private final List<String> outputs;

  private CompileReader(JsonObject config, Graph graph) {
    this.config = config;
    this.graph = graph;
    outputs = graph.outputNames();
  }

  /** How a model says it was compiled, with the optimizer that does the work; null if it was not. */
  static JsonObject config(JsonObject model) {
    JsonObject config = written(model);
    return config == null || !OptimizerReader.scales(config) ? config : config.with("optimizer", OptimizerReader.inner(config));
  }

  /**
   * How many of the first variables of an optimizer are not those of the one that does the work: those of what is around it, and
   * all if it is not named, which Keras leaves out unless they happen to be as many.
   */
  static int variablesAround(JsonObject model) {
    JsonObject config = written(model);
    if (config == null) {
      return 0;
    }
    if (!model.object("compile_config").has("optimizer")) {
      return Integer.MAX_VALUE;
    }
    return OptimizerReader.scales(config) ? OptimizerReader.SCALE_VARIABLES : 0;
  }

  private static JsonObject written(JsonObject model) {
    JsonObject config = model.has("compile_config") && model.get("compile_config") instanceof JsonObject given ? given
        : JsonObject.EMPTY;
    if (config.names().isEmpty()) {
      return null;
    }
    // What compile takes where it is not told.
    return config.has("optimizer") ? config : config.with("optimizer", "rmsprop");
  }

  /**
   * How a model was compiled.
   *
   * @param before the version of Keras that wrote the file, if it is older than 3; null otherwise
   */
  static KerasFile.Compiled read(JsonObject model, Graph graph, LegacyVersion before) {
    JsonObject config = config(model);
    if (config == null) {
      throw new RillException("the file was saved without a compile configuration: call compile before training");
    }
    refuseLayerRules(model);
    if (before == null) {
      return new KerasFile.Compiled(OptimizerReader.read(config), new CompileReader(config, graph).objectives());
    }
    CompileReader reader = new CompileReader(LegacyCompile.today(config, graph.outputNames(), before), graph);
    return new KerasFile.Compiled(LegacyOptimizer.read(config, before), reader.objectives());
  }

  /** What Rill's layers do not carry over and training would have to follow: to ignore it would give other weights than Keras. */
  private static void refuseLayerRules(JsonObject model) {
    if (model.get("config") instanceof JsonObject config && !config.bool("trainable", true)) {
      throw new UnsupportedException(config.place("trainable") + ": a model that is not trainable as a whole is not supported; "
          + "make its layers not trainable");
    }
    refuseActivity(model);
  }

  private static boolean isModel(JsonObject entry) {
    return entry.get("config") instanceof JsonArray || entry.object("config").has("layers");
  }

  private static void refuseActivity(JsonObject model) {
    JsonArray layers = model.get("config") instanceof JsonArray ? model.array("config") : model.object("config").array("layers");
    for (int i = 0; i < layers.size(); i++) {
      if (isModel(layers.object(i))) {
        refuseActivity(layers.object(i));
        continue;
      }
      JsonObject layer = layers.object(i).object("config");
      LayerCodec<?> codec = LayerCodecs.find(layers.object(i).string("class_name"));
      boolean read = codec != null && codec.readsActivityRegularizer();
      if (!read && !layer.isNull("activity_regularizer")) {
        throw new UnsupportedException(layer.place("activity_regularizer")
            + ": training with an activity_regularizer is not supported here");
      }
    }
  }

  /** What a configuration has under a name; null if it has nothing. */
  private JsonValue value(String name) {
    JsonValue value = config.has(name) ? config.get(name) : null;
    return value instanceof JsonNull ? null : value;
  }

  private static List<JsonValue> elements(JsonArray array) {
    List<JsonValue> elements = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      elements.add(array.get(i));
    }
    return elements;
  }

  /** What an object has, by the sorted names: the order in which Keras flattens a dict. */
  private static List<JsonValue> sorted(JsonObject object) {
    return new TreeSet<>(object.names()).stream().map(object::get).toList();
  }

  private boolean namesOutputs(JsonValue value) {
    return value instanceof JsonObject object && !FigureReader.isOne(object);
  }

  private UnsupportedException refused(String name, String expected) {
    return new UnsupportedException(config.place(name) + ": expected " + expected + " for the outputs " + outputs + ", found "
        + config.get(name).describe());
  }

  private Objectives objectives() {
    JsonValue loss = value("loss");
    if (loss == null) {
      throw new RillException("the file was compiled without a loss: call compile before training");
    }
    Objectives objectives = loss instanceof JsonArray || namesOutputs(loss) ? Objectives.of(losses(loss))
        : Objectives.of(FigureReader.loss(loss, config.place("loss")));
    JsonValue weights = value("loss_weights");
    if (weights != null) {
      objectives = objectives.lossWeights(weights(weights, loss));
    }
    return objectives.metrics(metrics("metrics")).weightedMetrics(metrics("weighted_metrics"));
  }

  /** One an output, null where nothing is learned. */
  private List<Loss> losses(JsonValue value) {
    List<JsonValue> entries;
    if (value instanceof JsonObject named) {
      // Names of their own may be left out, those of layers not.
      if (!outputs.containsAll(named.names()) || !graph.namesOutputs() && !named.names().containsAll(outputs)) {
        throw refused("loss", "a loss by each name");
      }
      entries = outputs.stream().map(output -> named.has(output) ? named.get(output) : new JsonNull()).toList();
    } else {
      entries = elements((JsonArray) value);
      if (entries.size() > outputs.size() || graph.namesOutputs() && entries.size() < outputs.size()) {
        throw refused("loss", "one loss");
      }
    }
    List<Loss> losses = new ArrayList<>();
    for (int o = 0; o < outputs.size(); o++) {
      // A list that is too short leaves the outputs behind it without a loss.
      boolean none = o >= entries.size() || entries.get(o) instanceof JsonNull;
      losses.add(none ? null : FigureReader.loss(entries.get(o), config.place("loss")));
    }
    return losses;
  }

  /** One an output. */
  private double[] weights(JsonValue value, JsonValue loss) {
    List<JsonValue> entries;
    if (value instanceof JsonObject named) {
      boolean byName = namesOutputs(loss) && named.names().containsAll(weighed(loss));
      entries = byName ? weighed(loss).stream().map(named::get).toList() : sorted(named);
    } else {
      entries = value instanceof JsonArray array ? elements(array) : List.of(value);
    }
    boolean one = !(loss instanceof JsonArray) && !namesOutputs(loss);
    List<String> weighed = weighed(loss);
    if (entries.size() != (one ? 1 : weighed.size()) || !entries.stream().allMatch(JsonNumber.class::isInstance)) {
      throw refused("loss_weights", "as many numbers as losses");
    }
    double[] weights = new double[outputs.size()];
    for (int o = 0; o < weights.length; o++) {
      int at = one ? 0 : graph.namesOutputs() ? weighed.indexOf(outputs.get(o)) : o < weighed.size() ? o : -1;
      weights[o] = at < 0 ? 1 : number(entries.get(at));
    }
    return weights;
  }

  /** The outputs whose losses are weighed, in the order in which a list has them. */
  private List<String> weighed(JsonValue loss) {
    if (loss instanceof JsonArray array) {
      return outputs.subList(0, array.size());
    }
    return graph.namesOutputs() && namesOutputs(loss) ? List.copyOf(new TreeSet<>(((JsonObject) loss).names())) : outputs;
  }

  private static double number(JsonValue value) {
    return ((JsonNumber) value).doubleValue();
  }

  /** One list an output. */
  private List<List<Metric>> metrics(String name) {
    JsonValue value = value(name);
    List<List<Metric>> metrics = new ArrayList<>();
    if (value == null || value instanceof JsonArray array && array.size() == 0) {
      outputs.forEach(output -> metrics.add(List.of()));
    } else if (outputs.size() == 1) {
      metrics.add(flat(name, value));
    } else if (value instanceof JsonArray array && array.size() == outputs.size()) {
      for (int o = 0; o < outputs.size(); o++) {
        metrics.add(flat(name, array.get(listed(o))));
      }
    } else if (namesOutputs(value) && new HashSet<>(outputs).containsAll(((JsonObject) value).names())) {
      JsonObject named = (JsonObject) value;
      outputs.forEach(output -> metrics.add(named.has(output) ? flat(name, named.get(output)) : List.of()));
    } else {
      throw refused(name, "metrics in a list, one entry an output, or by name");
    }
    return metrics;
  }

  /** Where a list has the metrics of an output: outputs that have the names of the layers, but of each other's, stand as these do. */
  private int listed(int output) {
    List<String> layers = graph.outputs().stream().map(graph::layerName).toList();
    boolean same = graph.namesOutputs() && new HashSet<>(layers).equals(new HashSet<>(outputs));
    return same ? layers.indexOf(outputs.get(output)) : output;
  }

  private List<Metric> flat(String name, JsonValue value) {
    List<Metric> all = new ArrayList<>();
    if (value instanceof JsonArray array) {
      elements(array).forEach(entry -> all.addAll(flat(name, entry)));
    } else if (namesOutputs(value)) {
      sorted((JsonObject) value).forEach(entry -> all.addAll(flat(name, entry)));
    } else if (!(value instanceof JsonNull)) {
      all.add(FigureReader.metric(value, config.place(name)));
    }
    return all;
  }
}
