package dev.rill.io;

/** JSON's null, Python's None. */
public record JsonNull() implements JsonValue {
  @Override
  public String describe() {
    return "null";
  }
}
