package dev.rill.keras.hdf5;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** The bytes of an HDF5 file, checked to be there before they are read, and which of its objects have been met. */
final class Hdf5Bytes {
  private static final int BLOCK = 1 << 18;
  private static final int DIRECT = 1 << 14;
  private static final int MAX_OBJECTS = 1 << 18;
  /** No object that has been met takes more memory than this, its name and its places in tables included. */
  private static final int BYTES_PER_OBJECT = 1 << 10;

  private final ByteSource source;
  private final String place;
  private final long maxObjects = Math.min(MAX_OBJECTS, Runtime.getRuntime().maxMemory() / BYTES_PER_OBJECT);
  private final Map<Long, String> owners = new HashMap<>();
  private ByteBuffer block;

  Hdf5Bytes(ByteSource source, String place) {
    this.source = source;
    this.place = place;
  }

  String place() {
    return place;
  }

  long size() {
    return source.size();
  }

  /** Reads a piece of structure, whose length is bounded by its kind. */
  Hdf5Cursor cursor(long address, long length, int limit, String path) throws IOException {
    require(address, length, path);
    if (length > limit) {
      throw bad(address, path, "a structure of " + length + " bytes, at most " + limit + " are read");
    }
    return new Hdf5Cursor(this, path, address, source.read(address, (int) length));
  }

  /** Checks that bytes are there, before anything is allocated for them. */
  void require(long address, long length, String path) {
    if (address < 0 || length < 0 || address > size() || length > size() - address) {
      throw bad(address, path, "expected " + length + " bytes, but the file has only " + size() + " in all"
          + ": it is truncated or damaged");
    }
  }

  /** Notes an object: each has one name, so that walking down from the root comes to an end. */
  void own(long header, String path) {
    String other = owners.putIfAbsent(header, path);
    if (other != null && !other.equals(path)) {
      throw bad(header, path, "this is the object " + other + " again: cycles and hard links are not read");
    }
    if (owners.size() > maxObjects) {
      throw bad(header, path, "more than " + maxObjects + " objects in one file");
    }
  }

  /**
   * Fills a buffer that lies outside the heap when that pays; the next call takes the same one again.
   *
   * @return little-endian, at most {@value #BLOCK} bytes, which is a multiple of every element's size
   */
  ByteBuffer block(long address, long length) throws IOException {
    if (block == null || block.capacity() < Math.min(length, BLOCK)) {
      block = length < DIRECT ? ByteBuffer.allocate(DIRECT) : ByteBuffer.allocateDirect(BLOCK);
      block.order(ByteOrder.LITTLE_ENDIAN);
    }
    block.clear().limit((int) Math.min(block.capacity(), length));
    source.read(address, block);
    return block.flip();
  }

  FormatException bad(long address, String path, String message) {
    return new FormatException(place + ' ' + path + " at offset " + Long.toUnsignedString(address) + ": " + message);
  }
}
