package dev.rill.fuzz;

import dev.rill.io.Json;
import java.nio.charset.StandardCharsets;

/** Documents of every kind of value, with a byte changed now and then: what is read is written and read again as the same. */
public final class JsonFuzzer {
  private JsonFuzzer() {}

  /** One execution. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Choices choices = new Choices(input);
    JsonTree tree = JsonTree.random(choices, 4);
    byte[] bytes = tree.toString().getBytes(StandardCharsets.UTF_8);
    for (int n = choices.below(3); n > 0 && bytes.length > 0; n--) {
      bytes[choices.below(bytes.length)] = (byte) choices.below(256);
    }
    Bounds.hold(bytes.length, () -> {
      String text = Json.write(Json.parse(bytes, "fuzz.json"));
      Bounds.require(text.equals(Json.write(Json.parse(text, "again.json"))), "another document when read again: " + text);
    });
  }
}
