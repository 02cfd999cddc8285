package dev.rill.serving;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keys as bytes, for files.
 *
 * @param <K> class of keys
 */
public interface KeyCodec<K> {
  /** Strings, in UTF-8. */
  KeyCodec<String> STRINGS = new KeyCodec<>() {
    @Override
    public byte[] toBytes(String key) {
      return Require.given(key, "the key").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String fromBytes(byte[] bytes) {
      return new String(Require.given(bytes, "the bytes of a key"), StandardCharsets.UTF_8);
    }
  };

  /** Whole numbers, in eight bytes. */
  KeyCodec<Long> LONGS = new KeyCodec<>() {
    @Override
    public byte[] toBytes(Long key) {
      return ByteBuffer.allocate(Long.BYTES).putLong(Require.given(key, "the key")).array();
    }

    @Override
    public Long fromBytes(byte[] bytes) {
      if (Require.given(bytes, "the bytes of a key").length != Long.BYTES) {
        throw new FormatException("a key has " + bytes.length + " bytes: expected a whole number of " + Long.BYTES);
      }
      return ByteBuffer.wrap(bytes).getLong();
    }
  };

  /**
   * Writes a key.
   *
   * @param key a key
   * @return its bytes
   */
  byte[] toBytes(K key);

  /**
   * Reads a key.
   *
   * @param bytes what {@link #toBytes} wrote
   * @return a key equal to it
   */
  K fromBytes(byte[] bytes);
}
