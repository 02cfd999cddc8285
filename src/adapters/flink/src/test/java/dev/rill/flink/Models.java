package dev.rill.flink;

import dev.rill.Input;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;

/** Small models in files. */
final class Models {
  static final int OUT = 2;

  private Models() {}

  /** One structure, other weights for each seed. */
  static ModelAddress file(Path folder, long seed) throws IOException {
    return file(folder, seed, 6);
  }

  static ModelAddress file(Path folder, long seed, int units) throws IOException {
    return file(folder, seed, units, Event.IN);
  }

  static ModelAddress file(Path folder, long seed, int units, int in) throws IOException {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, in), new LSTM(units).returnSequences(true).named("lstm"),
        new GRU(5).returnSequences(true).named("gru"), new Dense(OUT).named("head"));
    model.initialize(seed);
    Path file = folder.resolve("model-" + seed + "-" + units + ".keras");
    model.save(file);
    return ModelAddress.pinned(file.toUri().toString());
  }
}
