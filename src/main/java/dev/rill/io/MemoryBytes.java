package dev.rill.io;

import java.nio.ByteBuffer;

/** The bytes of an array. */
record MemoryBytes(byte[] bytes) implements ByteSource {
  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(long position, ByteBuffer target) {
    require(position, target.remaining());
    target.put(bytes, (int) position, target.remaining());
  }
}
