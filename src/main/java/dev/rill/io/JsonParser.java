package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pass over the text of a document, one method for each rule of the grammar. */
final class JsonParser {
  private static final int MAX_VALUES = 1 << 20;
  /** No value of a document takes more memory than this, its share of its object's table included. */
  private static final int BYTES_PER_VALUE = 512;

  private final String text;
  private final String name;
  private final long maxValues = Math.min(MAX_VALUES, Runtime.getRuntime().maxMemory() / BYTES_PER_VALUE);
  private int at;
  private int depth;
  private int values;

  JsonParser(String text, String name) {
    this.text = text;
    this.name = name;
  }

  JsonValue document() {
    JsonValue value = value();
    skipWhite();
    if (at < text.length()) {
      throw expected("the end of the document");
    }
    if (value instanceof JsonObject object) {
      return object.at(name + ": $");
    }
    return value instanceof JsonArray array ? array.at(name + ": $") : value;
  }

  private JsonValue value() {
    if (++values > maxValues) {
      throw error("more than " + maxValues + " values in one document");
    }
    skipWhite();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new JsonString(string());
      case 't' -> word("true", new JsonBool(true));
      case 'f' -> word("false", new JsonBool(false));
      case 'n' -> word("null", new JsonNull());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'N', 'I' -> number();
      default -> throw expected("a value");
    };
  }

  private JsonObject object() {
    enter();
    Map<String, JsonValue> members = new LinkedHashMap<>();
    at++;
    skipWhite();
    while (peek() != '}') {
      if (peek() != '"') {
        throw expected("a member's name in quotes");
      }
      int start = at;
      String member = string();
      skipWhite();
      accept(':');
      if (members.put(member, value()) != null) {
        at = start;
        throw error("the name " + new JsonString(member).describe() + " stands twice in one object");
      }
      next('}');
    }
    leave();
    return members.isEmpty() ? JsonObject.EMPTY : new JsonObject(members, "$");
  }

  private JsonArray array() {
    enter();
    List<JsonValue> elements = new ArrayList<>();
    at++;
    skipWhite();
    while (peek() != ']') {
      elements.add(value());
      next(']');
    }
    leave();
    return new JsonArray(List.copyOf(elements), "$");
  }

  /** After a member or element: goes on behind a comma, which another one must follow, or stays at the end. */
  private void next(char end) {
    skipWhite();
    if (peek() == end) {
      return;
    }
    accept(',');
    skipWhite();
    if (peek() == end) {
      throw expected("another one after the comma");
    }
  }

  private void enter() {
    if (++depth > Json.MAX_DEPTH) {
      throw error("nested deeper than " + Json.MAX_DEPTH + " levels");
    }
  }

  private void leave() {
    at++;
    depth--;
  }

  private JsonNumber number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    while (at < text.length() && partOfNumber(text.charAt(at))) {
      at++;
    }
    String number = text.substring(start, at);
    if (!JsonNumber.isNumber(number)) {
      at = start;
      throw expected("a number");
    }
    return new JsonNumber(number);
  }

  private static boolean partOfNumber(char c) {
    return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.' || c == '+' || c == '-';
  }

  private JsonValue word(String word, JsonValue value) {
    if (!text.startsWith(word, at)) {
      throw expected("a value");
    }
    at += word.length();
    return value;
  }

  private String string() {
    int start = ++at;
    boolean escaped = false;
    while (peek() != '"') {
      if (peek() < ' ') {
        throw expected("a character of a string (control characters must be escaped)");
      }
      if (peek() == '\\') {
        escaped = true;
        at++;
        peek();
      }
      at++;
    }
    int end = at++;
    return escaped ? unescape(start, end) : text.substring(start, end);
  }

  private String unescape(int start, int end) {
    StringBuilder plain = new StringBuilder(end - start);
    int after = at;
    for (at = start; at < end; at++) {
      char c = text.charAt(at);
      plain.append(c == '\\' ? escape() : c);
    }
    at = after;
    return plain.toString();
  }

  /** The character that an escape stands for; leaves the position at the escape's last character. */
  private char escape() {
    return switch (text.charAt(++at)) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          at++;
          int digit = peek() < 128 ? Character.digit(peek(), 16) : -1;
          if (digit < 0) {
            throw expected("four hexadecimal digits");
          }
          code = code << 4 | digit;
        }
        yield (char) code;
      }
      default -> throw expected("one of \" \\ / b f n r t u after a backslash");
    };
  }

  private void skipWhite() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw error("the document ends too early");
    }
    return text.charAt(at);
  }

  private void accept(char c) {
    if (peek() != c) {
      throw expected("'" + c + "'");
    }
    at++;
  }

  private FormatException expected(String what) {
    char found = text.charAt(at);
    return error("expected " + what + ", found "
        + (found > ' ' && found < 127 ? "'" + found + "'" : "the character U+" + Integer.toHexString(found)));
  }

  private FormatException error(String message) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < at; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        start = i + 1;
      }
    }
    return new FormatException(name + ", line " + line + ", column " + (at - start + 1) + ": " + message);
  }
}
