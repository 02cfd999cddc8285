package dev.rill.fuzz;

import dev.rill.keras.Configurations;
import java.nio.charset.StandardCharsets;

/** Configurations that Keras wrote with up to four changes of their trees, read as far as the structure of the model. */
public final class ConfigurationFuzzer {
  private ConfigurationFuzzer() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    JsonTree config = KerasSeed.of(choices).config().copy();
    for (int n = choices.below(4); n >= 0; n--) {
      config.mutate(choices);
    }
    byte[] bytes = config.toString().getBytes(StandardCharsets.UTF_8);
    Bounds.hold(bytes.length, () -> Configurations.read(bytes));
  }
}
