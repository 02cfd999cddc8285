package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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

  /** A document and what is made of it take so many times its bytes at the most. */
  private static final int HEAP_PART = 8;

  private Json() {}

  /**
   * Reads a document.
   *
   * @param utf8 its bytes
   * @param name what messages call it, such as {@code config.json}
   * @return its value; an object or array knows its place
   * @throws FormatException if it breaks a rule, with line and column
   * @throws RillException if the heap is too small for it
   */
  public static JsonValue parse(byte[] utf8, String name) {
    requireSize(Require.given(utf8, "the bytes of a JSON document").length, name);
    return new JsonParser(utf8, name).document();
  }

  /**
   * Reads a document that is an object.
   *
   * @param utf8 its bytes
   * @param name what messages call it, such as {@code config.json}
   * @return the object, which knows its place
   * @throws FormatException if it breaks a rule, with line and column, or is something else
   * @throws RillException if the heap is too small for it
   */
  public static JsonObject parseObject(byte[] utf8, String name) {
    return JsonTypes.object(parse(utf8, name), name);
  }

  /**
   * Reads a document, unless it is too large.
   *
   * @param source its bytes
   * @param name what messages call it, such as {@code config.json}
   * @return its value; an object or array knows its place
   * @throws FormatException if it breaks a rule, with line and column
   * @throws RillException if the heap is too small for it
   * @throws IOException if reading fails
   */
  public static JsonValue parse(ByteSource source, String name) throws IOException {
    requireSize(Require.given(source, "the JSON text").size(), name);
    return parse(source.read(0, (int) source.size()).array(), name);
  }

  /**
   * Reads a document that is an object, unless it is too large.
   *
   * @param source its bytes
   * @param name what messages call it, such as {@code config.json}
   * @return the object, which knows its place
   * @throws FormatException if it breaks a rule, with line and column, or is something else
   * @throws RillException if the heap is too small for it
   * @throws IOException if reading fails
   */
  public static JsonObject parseObject(ByteSource source, String name) throws IOException {
    return JsonTypes.object(parse(source, name), name);
  }

  /**
   * Reads a document.
   *
   * @param text its characters
   * @param name what messages call it, such as {@code config.json}
   * @return its value; an object or array knows its place
   * @throws FormatException if it breaks a rule, with line and column
   * @throws RillException if the heap is too small for it
   */
  public static JsonValue parse(String text, String name) {
    requireSize(Require.given(text, "the text of a JSON document").length(), name);
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return parse(Arrays.copyOf(utf8.array(), utf8.limit()), name);
    } catch (CharacterCodingException e) {
      throw new FormatException(name + ": expected characters, found a half of a surrogate pair");
    }
  }

  /**
   * Writes a value: no white space, members in their order, all of Unicode as it is.
   *
   * @param value any, at most {@value #MAX_DEPTH} levels deep
   * @return the text, which reads back as the same value
   */
  public static String write(JsonValue value) {
    return JsonWriter.write(Require.given(value, "the JSON value"));
  }

  /** Refuses a document that is too large, before it is read. */
  static void requireSize(long size, String name) {
    if (size > MAX_BYTES) {
      throw new FormatException(name + ": a JSON document of " + size + " bytes, at most " + MAX_BYTES + " are read");
    }
    if (size > Runtime.getRuntime().maxMemory() / HEAP_PART) {
      throw HeapRoom.exhausted(name + ", a JSON document of " + size + " bytes,");
    }
  }
}
