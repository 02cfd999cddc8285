package dev.rill.io;

import java.util.Objects;

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
    Objects.requireNonNull(value, "value");
  }

  @Override
  public String describe() {
    JsonString shown = value.length() <= SHOWN ? this : new JsonString(value.substring(0, SHOWN) + "...");
    return "the string " + Json.write(shown);
  }
}
