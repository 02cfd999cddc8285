package dev.rill.io;

import dev.rill.tensor.Require;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A piece of another source, which has been checked to lie inside it. */
record SliceBytes(ByteSource whole, long start, long size) implements ByteSource {
  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    require(position, Require.given(target, "the buffer to read to").remaining());
    whole.read(start + position, target);
  }
}
