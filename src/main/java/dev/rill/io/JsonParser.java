package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pass over the bytes of a document, one method for each rule of the grammar. They never become one text: a single character
 * outside Latin would make it twice as long.
 */
final class JsonParser {
  private static final int MAX_VALUES = 1 << 20;
  /** No value of a document takes more memory than this, its share of its object's table included. */
  private static final int BYTES_PER_VALUE = 512;
  /** What a table of an object or an array takes at once, for each value so far, when it grows. */
  private static final int GROWTH_PER_VALUE = 16;

  /** So often, and before each text of such a length, there must still be as much room as that makes. */
  private static final int VALUES_BETWEEN_LOOKS = 1 << 11;
  private static final int LONG_TEXT = 1 << 16;
  /** A text takes at most two bytes for each of UTF-8, and twice that and its bytes while it is made. */
  private static final int BYTES_PER_BYTE = 5;

  private final byte[] text;
  private final String name;
  private int at;
  private int depth;
  private int values;

  JsonParser(byte[] text, String name) {
    this.text = text;
    this.name = name;
  }

  JsonValue document() {
    JsonValue value = value();
    skipWhite();
    if (at < text.length) {
      throw expected("the end of the document");
    }
    if (value instanceof JsonObject object) {
      return object.at(name + ": $");
    }
    return value instanceof JsonArray array ? array.at(name + ": $") : value;
  }

  private JsonValue value() {
    if (++values > MAX_VALUES) {
      throw error("more than " + MAX_VALUES + " values in one document");
    }
    if (values % VALUES_BETWEEN_LOOKS == 0) {
      requireRoom();
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

  private void requireRoom() {
    if (values > Runtime.getRuntime().maxMemory() / BYTES_PER_VALUE) {
      throw HeapRoom.exhausted(name + ", a JSON document of more than " + values + " values,");
    }
    HeapRoom.require((long) BYTES_PER_VALUE * VALUES_BETWEEN_LOOKS + (long) GROWTH_PER_VALUE * values, name);
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
    while (at < text.length && partOfNumber(text[at])) {
      at++;
    }
    String number = new String(text, start, at - start, StandardCharsets.ISO_8859_1);
    if (!JsonNumber.isNumber(number)) {
      at = start;
      throw expected("a number");
    }
    return new JsonNumber(number);
  }

  private static boolean partOfNumber(byte c) {
    return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '.' || c == '+' || c == '-';
  }

  private JsonValue word(String word, JsonValue value) {
    int start = at;
    for (int i = 0; i < word.length(); i++) {
      if (at == text.length || text[at++] != word.charAt(i)) {
        at = start;
        throw expected("a value");
      }
    }
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
    if (end - start > LONG_TEXT) {
      HeapRoom.require((long) BYTES_PER_BYTE * (end - start), name);
    }
    return escaped ? unescape(start, end) : plain(start, end);
  }

  private String plain(int start, int end) {
    try {
      return Utf8.decode(text, start, end - start);
    } catch (CharacterCodingException e) {
      at = start;
      throw error("expected UTF-8, found malformed bytes in the string from here (" + e.getMessage() + ")");
    }
  }

  private String unescape(int start, int end) {
    StringBuilder plain = new StringBuilder(end - start);
    int after = at;
    for (at = start; at < end; at++) {
      int from = at;
      while (at < end && text[at] != '\\') {
        at++;
      }
      int to = at;
      plain.append(plain(from, to));
      if (to < end) {
        plain.append(escape());
      }
    }
    at = after;
    return plain.toString();
  }

  /** The character that an escape stands for; leaves the position at the escape's last character. */
  private char escape() {
    return switch ((char) text[++at]) {
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
    while (at < text.length && isWhite(text[at])) {
      at++;
    }
  }

  private static boolean isWhite(byte c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  /** The next byte, which is a character of its own unless it is 128 or more. */
  private char peek() {
    if (at >= text.length) {
      throw error("the document ends too early");
    }
    return (char) (text[at] & 0xff);
  }

  private void accept(char c) {
    if (peek() != c) {
      throw expected("'" + c + "'");
    }
    at++;
  }

  private FormatException expected(String what) {
    // At most the bytes of one character.
    int found = new String(text, at, Math.min(4, text.length - at), StandardCharsets.UTF_8).codePointAt(0);
    return error("expected " + what + ", found "
        + (found > ' ' && found < 127 ? "'" + (char) found + "'" : "the character U+" + Integer.toHexString(found)));
  }

  private FormatException error(String message) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      if (text[i] == '\n') {
        line++;
        column = 1;
      } else if ((text[i] & 0xc0) != 0x80) {
        column++;
      }
    }
    return new FormatException(name + ", line " + line + ", column " + column + ": " + message);
  }
}
