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
  /** A sound file is read about twice: when it is checked and when its data is fetched. */
  private static final int MAX_READINGS = 4;
  private static final int MORE_READINGS = 1 << 20;

  private final ByteSource source;
  private final String place;
  private final long maxObjects = Math.min(MAX_OBJECTS, Runtime.getRuntime().maxMemory() / BYTES_PER_OBJECT);
  private final Map<Long, Owner> owners = new HashMap<>();
  private ByteBuffer block;
  /** Bytes that may still be read: parts that lie on each other could make a small file as long as one likes. */
  private long left;

  /** The group and the name by which an object was met first. */
  private record Owner(String group, String name) {}

  Hdf5Bytes(ByteSource source, String place) {
    this.source = source;
    this.place = place;
    left = MAX_READINGS * source.size() + MORE_READINGS;
  }

  String place() {
    return place;
  }

  long size() {
    return source.size();
  }

  /** Reads a piece of structure, whose length is bounded by its kind. */
  Hdf5Cursor cursor(long address, long length, int limit, String path) throws IOException {
    return new Hdf5Cursor(this, path, address, bytes(address, length, limit, path));
  }

  /** The same for a structure of the new style, whose last four bytes are the check sum of those before them. */
  Hdf5Cursor checked(long address, long length, int limit, String path) throws IOException {
    ByteBuffer bytes = bytes(address, length, limit, path);
    int end = bytes.limit() - Integer.BYTES;
    if (end < 0 || Hdf5Checksum.lookup3(bytes, end) != bytes.getInt(end)) {
      throw bad(address, path, "the check sum of these " + length + " bytes is not the one behind them: the file is damaged");
    }
    return new Hdf5Cursor(this, path, address, bytes.limit(end));
  }

  private ByteBuffer bytes(long address, long length, int limit, String path) throws IOException {
    require(address, length, path);
    if (length > limit) {
      throw bad(address, path, "a structure of " + length + " bytes, at most " + limit + " are read");
    }
    spend(address, length, path);
    return source.read(address, (int) length);
  }

  /** Reads all of a chunk, which may be as large as the file. */
  byte[] array(long address, long length, String path) throws IOException {
    return bytes(address, length, Integer.MAX_VALUE, path).array();
  }

  /** Checks that bytes are there, before anything is allocated for them. */
  void require(long address, long length, String path) {
    if (address < 0 || length < 0 || address > size() || length > size() - address) {
      throw bad(address, path, "expected " + length + " bytes, but the file has only " + size() + " in all"
          + ": it is truncated or damaged");
    }
  }

  private void spend(long address, long length, String path) {
    left -= length;
    if (left < 0) {
      throw bad(address, path, "more has been read than " + MAX_READINGS + " times the file: its parts lie on each other");
    }
  }

  /** Notes an object: each has one name, so that walking down from the root comes to an end. */
  void own(long header, String group, String name) {
    Owner owner = new Owner(group, name);
    Owner other = owners.putIfAbsent(header, owner);
    if (other != null && !other.equals(owner)) {
      throw bad(header, child(group, name), "this is the object " + child(other.group, other.name)
          + " again: cycles and hard links are not read");
    }
    if (owners.size() > maxObjects) {
      throw bad(header, child(group, name), "more than " + maxObjects + " objects in one file");
    }
  }

  /** The path of a member as messages show it; that of the root is a slash. */
  static String child(String group, String name) {
    StringBuilder path = new StringBuilder(group.endsWith("/") ? group : group + '/').append(name);
    for (int i = group.length(); i < path.length(); i++) {
      if (Character.isISOControl(path.charAt(i))) {
        path.setCharAt(i, '?');
      }
    }
    return path.toString();
  }

  /**
   * Fills a buffer that lies outside the heap when that pays; the next call takes the same one again.
   *
   * @return little-endian, at most {@value #BLOCK} bytes, which is a multiple of every element's size
   */
  ByteBuffer block(long address, long length, String path) throws IOException {
    if (block == null || block.capacity() < Math.min(length, BLOCK)) {
      block = length < DIRECT ? ByteBuffer.allocate(DIRECT) : ByteBuffer.allocateDirect(BLOCK);
    }
    block.order(ByteOrder.LITTLE_ENDIAN).clear().limit((int) Math.min(block.capacity(), length));
    spend(address, block.limit(), path);
    source.read(address, block);
    return block.flip();
  }

  FormatException bad(long address, String path, String message) {
    return new FormatException(place + ' ' + path + " at offset " + Long.toUnsignedString(address) + ": " + message);
  }
}
