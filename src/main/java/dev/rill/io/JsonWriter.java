package dev.rill.io;

import dev.rill.tensor.RillException;
import java.util.Map;

/** A value as compact text. */
final class JsonWriter {
  private final StringBuilder text = new StringBuilder();

  private JsonWriter() {}

  static String write(JsonValue value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value, 0);
    return writer.text.toString();
  }

  private void value(JsonValue value, int depth) {
    if (value instanceof JsonObject object) {
      object(object, level(depth));
    } else if (value instanceof JsonArray array) {
      array(array, level(depth));
    } else if (value instanceof JsonString string) {
      string(string.value());
    } else if (value instanceof JsonNumber number) {
      text.append(number.text());
    } else {
      text.append(value.describe());
    }
  }

  private static int level(int depth) {
    if (depth == Json.MAX_DEPTH) {
      throw new RillException("JSON nested deeper than " + Json.MAX_DEPTH + " levels, which no reader accepts");
    }
    return depth + 1;
  }

  private void object(JsonObject object, int depth) {
    char before = '{';
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      text.append(before);
      string(member.getKey());
      text.append(':');
      value(member.getValue(), depth);
      before = ',';
    }
    text.append(before == '{' ? "{}" : "}");
  }

  private void array(JsonArray array, int depth) {
    char before = '[';
    for (JsonValue element : array.values()) {
      text.append(before);
      value(element, depth);
      before = ',';
    }
    text.append(before == '[' ? "[]" : "]");
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || lone(value, i)) {
            unicode(c);
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }

  /** A surrogate without a partner has no UTF-8, only an escape. */
  private static boolean lone(String value, int i) {
    char c = value.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
  }

  private void unicode(char c) {
    text.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      text.append(Character.forDigit(c >> shift & 15, 16));
    }
  }
}
