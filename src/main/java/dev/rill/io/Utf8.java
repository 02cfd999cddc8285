package dev.rill.io;

import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8 to characters, strictly. */
public final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * Decodes bytes.
   *
   * @param bytes that hold the text
   * @param from index of the first one
   * @param length how many
   * @return the text
   * @throws CharacterCodingException if they are not UTF-8
   */
  public static String decode(byte[] bytes, int from, int length) throws CharacterCodingException {
    if (from < 0 || length < 0 || length > Require.given(bytes, "the bytes of a text").length - from) {
      throw new ShapeException(length + " bytes from " + from + " on of an array of " + bytes.length);
    }
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    // The fast way puts a replacement for what is malformed; the text may also contain one rightly.
    if (text.indexOf(REPLACEMENT) >= 0) {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
    }
    return text;
  }
}
