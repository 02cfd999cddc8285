package dev.rill.io;

/** A value of a JSON document: immutable, with numbers as they were written. */
public sealed interface JsonValue permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBool, JsonNull {

  /**
   * What kind of value this is, for messages: "an object", "the string "abc"", "null", ...
   *
   * @return a short description of one line
   */
  String describe();
}
