package dev.rill.io;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes in memory that came in pieces: chunks of {@link #CHUNK} bytes, the last one perhaps shorter. G1 gives an array of half a
 * region or more, the smallest having 1 MB, whole regions for itself: chunks are smaller.
 */
record ChunkedBytes(List<byte[]> chunks, long size) implements ByteSource {
  static final int CHUNK = 1 << 18;

  @Override
  public void read(long position, ByteBuffer target) {
    require(position, target.remaining());
    for (long at = position; target.hasRemaining(); ) {
      byte[] chunk = chunks.get((int) (at / CHUNK));
      int from = (int) (at % CHUNK);
      int count = Math.min(target.remaining(), chunk.length - from);
      target.put(chunk, from, count);
      at += count;
    }
  }
}
