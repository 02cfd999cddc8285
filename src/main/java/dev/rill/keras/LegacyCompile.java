package dev.rill.keras;

import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonNull;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.keras.hdf5.Hdf5Group;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How a legacy {@code .h5} says that its model was compiled: as a {@code .keras} file does, but for the optimizer; and before
 * Keras 3 with other names, and with a list of metrics that counted for every output.
 */
final class LegacyCompile {
  private static final String CONFIG = "training_config";
  private static final String OPTIMIZER = "optimizer_config";
  private static final String OPTIONS = "config";
  private static final String CLASS = "class_name";
  private static final String FUNCTION = "fn";

  private LegacyCompile() {}

  /** Puts it where a {@code .keras} file has it. */
  static JsonObject attach(JsonObject model, Hdf5Group root, String version, String place) throws IOException {
    if (!root.attributes().has(CONFIG)) {
      return model;
    }
    JsonObject training = Json.parseObject(root.attributes().utf8(CONFIG), place + " " + CONFIG);
    if (!training.has(OPTIMIZER) || !(training.get(OPTIMIZER) instanceof JsonObject optimizer)) {
      return model;
    }
    return model.with("compile_config", training.without(OPTIMIZER).with("optimizer",
        version.startsWith("3") ? optimizer.with("module", "keras.optimizers").withNull("registered_name") : optimizer));
  }

  /**
   * Losses and metrics as Keras 3 would have them, of several outputs in lists.
   *
   * @param config what Keras 1 or 2 wrote
   * @param outputs the names of the output layers
   */
  static JsonObject today(JsonObject config, List<String> outputs, LegacyVersion version) {
    List<JsonValue> losses = perOutput(value(config, "loss"), outputs, new JsonNull(), true);
    for (int o = 0; o < losses.size(); o++) {
      losses.set(o, loss(losses.get(o), version));
    }
    JsonObject today = with(config, "loss", losses);
    if (outputs.size() > 1 && value(config, "loss_weights") != null) {
      today = with(today, "loss_weights", perOutput(value(config, "loss_weights"), outputs, JsonNumber.of(1), true));
    }
    for (String name : List.of("metrics", "weighted_metrics")) {
      List<JsonValue> metrics = perOutput(value(config, name), outputs, new JsonNull(), false);
      for (int o = 0; o < metrics.size(); o++) {
        metrics.set(o, metrics(metrics.get(o), losses.get(o), outputs.size() > 1 ? outputs.get(o) + "_" : "", version));
      }
      today = with(today, name, metrics);
    }
    return today;
  }

  private static JsonValue loss(JsonValue value, LegacyVersion version) {
    JsonValue loss = figure(value);
    // As a metric it has the other sign today; as a loss it was a mean before 2.1.
    boolean proximity = version.minor() > 0 && loss instanceof JsonString name && name.value().equals("cosine_proximity");
    return proximity ? new JsonString("cosine_similarity") : loss;
  }

  private static JsonValue value(JsonObject config, String name) {
    return config.isNull(name) ? null : config.get(name);
  }

  private static JsonObject with(JsonObject config, String name, List<JsonValue> perOutput) {
    return config.with(name, perOutput.size() == 1 ? perOutput.get(0) : JsonArray.of(perOutput));
  }

  /**
   * What there is for each output. What was given once counts for all, which a plain list is, too, if lists are no list of outputs.
   *
   * @param absent for an output that is not named
   */
  private static List<JsonValue> perOutput(JsonValue value, List<String> outputs, JsonValue absent, boolean listed) {
    if (value == null) {
      return new ArrayList<>(Collections.nCopies(outputs.size(), new JsonNull()));
    }
    List<JsonValue> each = new ArrayList<>();
    if (value instanceof JsonObject named && outputs.containsAll(named.names())) {
      outputs.forEach(output -> each.add(named.isNull(output) ? absent : named.get(output)));
    } else if (value instanceof JsonArray array && array.size() == outputs.size() && (listed || nested(array))) {
      for (int i = 0; i < array.size(); i++) {
        each.add(array.get(i));
      }
    } else {
      each.addAll(Collections.nCopies(outputs.size(), value));
    }
    return each;
  }

  private static boolean nested(JsonArray array) {
    boolean nested = false;
    for (int i = 0; i < array.size(); i++) {
      nested |= array.get(i) instanceof JsonArray;
    }
    return nested;
  }

  /** Metrics by their own names: what has been trained has that of the output before it. */
  private static JsonValue metrics(JsonValue value, JsonValue loss, String output, LegacyVersion version) {
    if (value instanceof JsonArray array) {
      List<JsonValue> all = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        all.add(metrics(array.get(i), loss, output, version));
      }
      return JsonArray.of(all);
    }
    if (value instanceof JsonString name && name.value().matches("acc|accuracy") && version.accuracyByLoss() && isBinary(loss)) {
      return JsonObject.EMPTY.with(CLASS, "BinaryAccuracy").with(OPTIONS, JsonObject.EMPTY.with("name", name.value()));
    }
    JsonValue metric = figure(value);
    if (metric instanceof JsonObject entry && FigureReader.isOne(entry) && entry.get(OPTIONS) instanceof JsonObject options
        && options.has("name") && options.get("name") instanceof JsonString name && name.value().startsWith(output)) {
      return entry.with(OPTIONS, options.with("name", name.value().substring(output.length())));
    }
    return metric;
  }

  private static boolean isBinary(JsonValue loss) {
    return loss instanceof JsonString name ? name.value().equals("binary_crossentropy")
        : loss instanceof JsonObject entry && entry.has(CLASS) && entry.string(CLASS).equals("BinaryCrossentropy");
  }

  /** A loss or metric whose names have changed, or that is called a wrapper of its function. */
  private static JsonValue figure(JsonValue value) {
    if (value instanceof JsonString name) {
      return name.value().equals("kullback_leibler_divergence") ? new JsonString("kl_divergence") : value;
    }
    if (!(value instanceof JsonObject entry) || !FigureReader.isOne(entry)) {
      return value;
    }
    if (!(entry.get(OPTIONS) instanceof JsonObject options)) {
      // A function by its name.
      return figure(entry.get(OPTIONS));
    }
    JsonObject own = options.has("reduction") && options.get("reduction") instanceof JsonString name && name.value().equals("auto")
        ? options.without("reduction") : options;
    boolean wrapper = entry.string(CLASS).equals("MeanMetricWrapper") && own.has(FUNCTION);
    JsonValue function = wrapper && own.get(FUNCTION) instanceof JsonObject described ? described.get(OPTIONS)
        : wrapper ? own.get(FUNCTION) : new JsonNull();
    return (function instanceof JsonString name ? entry.with(CLASS, name.value()) : entry).with(OPTIONS, own);
  }
}
