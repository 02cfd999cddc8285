package dev.rill.io;

/**
 * A JSON truth value.
 *
 * @param value true or false
 */
public record JsonBool(boolean value) implements JsonValue {
  @Override
  public String describe() {
    return value ? "true" : "false";
  }
}
