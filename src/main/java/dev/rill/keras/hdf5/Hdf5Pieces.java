package dev.rill.keras.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that are read once, from the first to the last: those of an array at once, those of a file piece by piece. */
final class Hdf5Pieces {
  private final Hdf5Bytes file;
  private final String path;
  private final ByteBuffer array;
  private long address;
  private long left;

  Hdf5Pieces(Hdf5Bytes file, String path, long address, long bytes) {
    this.file = file;
    this.path = path;
    array = null;
    this.address = address;
    left = bytes;
  }

  /** The first bytes of an array. */
  Hdf5Pieces(byte[] bytes, int length) {
    file = null;
    path = null;
    array = ByteBuffer.wrap(bytes, 0, length);
    left = length;
  }

  /** The next piece, until it is asked for again; null behind the last one. */
  ByteBuffer next() throws IOException {
    if (left == 0) {
      return null;
    }
    ByteBuffer piece = array != null ? array : file.block(address, left, path);
    address += piece.remaining();
    left -= piece.remaining();
    return piece;
  }
}
