package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.nio.charset.CharacterCodingException;

/**
 * JSON in and out.
 *
 * <p>Reading is strict: UTF-8, nothing after the value, no name twice in an object, at most {@value #MAX_DEPTH}
 * levels and {@value #MAX_BYTES} bytes (an eighth of the heap, if that is less). Beyond the standard, the bare
 * words NaN, Infinity and -Infinity are numbers, because Python writes them.
 */
public final class Json {
  /** The deepest nesting of objects and arrays. */
  public static final int MAX_DEPTH = 256;
  /** The largest document. */
  public static final int MAX_BYTES = 64 << 20;

  private Json() {}

  /**
   * Reads a document.
   *
   * @param utf8 its bytes
   * @param name what messages call it, such as {@code config.json}
   * @return its value; an object or array knows its place
   * @throws FormatException if it breaks a rule, with line and column
   */
  public static JsonValue parse(byte[] utf8, String name) {
    requireSize(utf8.length, name);
    try {
      return new JsonParser(Utf8.decode(utf8, 0, utf8.length), name).document();
    } catch (CharacterCodingException e) {
      throw new FormatException(name + ": expected UTF-8, found malformed bytes (" + e.getMessage() + ")");
    }
  }

  /**
   * Reads a document that is an object.
   *
   * @param utf8 its bytes
   * @param name what messages call it, such as {@code config.json}
   * @return the object, which knows its place
   * @throws FormatException if it breaks a rule, with line and column, or is something else
   */
  public static JsonObject parseObject(byte[] utf8, String name) {
    return JsonTypes.object(parse(utf8, name), name);
  }

  /**
   * Reads a document.
   *
   * @param text its characters
   * @param name what messages call it, such as {@code config.json}
   * @return its value; an object or array knows its place
   * @throws FormatException if it breaks a rule, with line and column
   */
  public static JsonValue parse(String text, String name) {
    requireSize(text.length(), name);
    return new JsonParser(text, name).document();
  }

  /**
   * Writes a value: no white space, members in their order, all of Unicode as it is.
   *
   * @param value any, at most {@value #MAX_DEPTH} levels deep
   * @return the text, which reads back as the same value
   */
  public static String write(JsonValue value) {
    return JsonWriter.write(value);
  }

  private static void requireSize(long size, String name) {
    long limit = Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 8);
    if (size > limit) {
      throw new FormatException(name + ": a JSON document of " + size + " bytes, at most " + limit + " are read");
    }
  }
}
