package dev.rill.io;

import dev.rill.tensor.Require;
import java.nio.ByteBuffer;

/** The bytes of an array. */
record MemoryBytes(byte[] bytes) implements ByteSource {
  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(long position, ByteBuffer target) {
    require(position, Require.given(target, "the buffer to read to").remaining());
    target.put(bytes, (int) position, target.remaining());
  }
}
