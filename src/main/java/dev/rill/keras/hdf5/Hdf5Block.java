package dev.rill.keras.hdf5;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The structure of an HDF5 file while it is written: little-endian bytes that grow, from offset 0 of the file on. */
final class Hdf5Block {
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 13).order(ByteOrder.LITTLE_ENDIAN);

  /** The offset in the file of what comes next. */
  int at() {
    return bytes.position();
  }

  Hdf5Block u8(int... values) {
    for (int value : values) {
      room(1).put((byte) value);
    }
    return this;
  }

  Hdf5Block u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  Hdf5Block u32(int value) {
    room(4).putInt(value);
    return this;
  }

  Hdf5Block u64(long value) {
    room(8).putLong(value);
    return this;
  }

  Hdf5Block text(byte[] text) {
    room(text.length).put(text);
    return this;
  }

  Hdf5Block zeros(int count) {
    // A new buffer is zero, and nothing is written twice.
    room(count).position(bytes.position() + count);
    return this;
  }

  /** Fills up to a multiple of 8 bytes, on which every structure begins. */
  Hdf5Block align() {
    return zeros(-bytes.position() & 7);
  }

  /** Completes a number whose value was not known when its place was written. */
  void patch(int position, long value) {
    bytes.putLong(position, value);
  }

  /** Completes bytes that were left zero. */
  void patch(int position, byte[] text) {
    bytes.put(position, text);
  }

  /** All bytes so far, to be read. */
  ByteBuffer content() {
    return bytes.duplicate().flip();
  }

  private ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      ByteBuffer larger = ByteBuffer.allocate(Math.addExact(bytes.capacity(), Math.max(bytes.capacity(), count)));
      bytes = larger.order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
    }
    return bytes;
  }
}
