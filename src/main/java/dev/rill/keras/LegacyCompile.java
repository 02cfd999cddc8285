package dev.rill.keras;

import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.keras.hdf5.Hdf5Group;
import java.io.IOException;

/** How a legacy {@code .h5} says that its model was compiled: as a {@code .keras} file does, but for the optimizer. */
final class LegacyCompile {
  private static final String CONFIG = "training_config";
  private static final String OPTIMIZER = "optimizer_config";

  private LegacyCompile() {}

  /** Puts it where a {@code .keras} file has it. What Keras 2 has written is left alone: its optimizers had other variables. */
  static JsonObject attach(JsonObject model, Hdf5Group root, String version, String place) throws IOException {
    if (!version.startsWith("3") || !root.attributes().has(CONFIG)) {
      return model;
    }
    JsonObject training = Json.parseObject(root.attributes().utf8(CONFIG), place + " " + CONFIG);
    if (!training.has(OPTIMIZER) || !(training.get(OPTIMIZER) instanceof JsonObject optimizer)) {
      return model;
    }
    return model.with("compile_config", training.without(OPTIMIZER)
        .with("optimizer", optimizer.with("module", "keras.optimizers").withNull("registered_name")));
  }
}
