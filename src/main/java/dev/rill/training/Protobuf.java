package dev.rill.training;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of Google's protocol buffers, field by field: the little that event files need. */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Protobuf number(int field, long value) {
    varint(field << 3 | VARINT);
    varint(value);
    return this;
  }

  Protobuf fixed(int field, double value) {
    varint(field << 3 | FIXED64);
    little(Double.doubleToLongBits(value), 8);
    return this;
  }

  Protobuf fixed(int field, float value) {
    varint(field << 3 | FIXED32);
    little(Float.floatToIntBits(value), 4);
    return this;
  }

  Protobuf bytes(int field, byte[] value) {
    varint(field << 3 | BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  Protobuf text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  Protobuf message(int field, Protobuf value) {
    return bytes(field, value.toBytes());
  }

  private void varint(long value) {
    long left = value;
    for (; (left & ~0x7fL) != 0; left >>>= 7) {
      out.write((int) (left & 0x7f | 0x80));
    }
    out.write((int) left);
  }

  private void little(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> 8 * i));
    }
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
