package dev.rill.io;

import dev.rill.tensor.FormatException;

/** What a value must be to pass for a type; objects and arrays share these rules and their messages. */
final class JsonTypes {
  private JsonTypes() {}

  static JsonObject object(JsonValue value, String place) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw wrong("an object", value, place);
  }

  static JsonArray array(JsonValue value, String place) {
    if (value instanceof JsonArray array) {
      return array;
    }
    throw wrong("an array", value, place);
  }

  static String string(JsonValue value, String place) {
    if (value instanceof JsonString string) {
      return string.value();
    }
    throw wrong("a string", value, place);
  }

  static int integer(JsonValue value, String place) {
    long integer = longInteger(value, place);
    if (integer != (int) integer) {
      throw wrong("an integer of 32 bits", value, place);
    }
    return (int) integer;
  }

  static long longInteger(JsonValue value, String place) {
    if (value instanceof JsonNumber number && number.isInteger()) {
      try {
        return Long.parseLong(number.text());
      } catch (NumberFormatException e) {
        throw wrong("an integer of 64 bits", value, place);
      }
    }
    throw wrong("an integer", value, place);
  }

  static double number(JsonValue value, String place) {
    if (value instanceof JsonNumber number) {
      return number.doubleValue();
    }
    throw wrong("a number", value, place);
  }

  static boolean bool(JsonValue value, String place) {
    if (value instanceof JsonBool bool) {
      return bool.value();
    }
    throw wrong("true or false", value, place);
  }

  private static FormatException wrong(String expected, JsonValue value, String place) {
    return new FormatException(place + ": expected " + expected + ", found " + value.describe());
  }
}
