package dev.rill.io;

import dev.rill.tensor.Require;

/**
 * A JSON string.
 *
 * @param value its characters; surrogates without a partner, which escapes can make, are kept as they are
 */
public record JsonString(String value) implements JsonValue {
  private static final int SHOWN = 40;

  /**
   * Checks the value.
   *
   * @param value not null
   */
  public JsonString {
    Require.given(value, "the text of a JSON string");
  }

  @Override
  public String describe() {
    JsonString shown = value.length() <= SHOWN ? this : new JsonString(value.substring(0, SHOWN) + "...");
    return "the string " + Json.write(shown);
  }
}
