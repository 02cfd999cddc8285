package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The global heap: collections of numbered byte strings. A collection is looked through once. */
final class Hdf5GlobalHeap {
  private static final int HEADER = 16;
  private static final int OBJECT = 16;
  private static final int MAX_OBJECTS = 1 << 18;

  private final Hdf5Bytes file;
  private final Map<Long, Map<Integer, Extent>> collections = new HashMap<>();
  private int objects;

  private record Extent(long address, long size) {}

  Hdf5GlobalHeap(Hdf5Bytes file) {
    this.file = file;
  }

  String place() {
    return file.place();
  }

  /** Reads the first bytes of an object, which must have as many. */
  byte[] read(long collection, int index, int length, String path) throws IOException {
    Map<Integer, Extent> extents = collections.get(collection);
    if (extents == null) {
      extents = scan(collection, path);
      collections.put(collection, extents);
    }
    Extent extent = extents.get(index);
    if (extent == null || extent.size < length) {
      throw file.bad(collection, path, "expected object " + index + " of " + length
          + " bytes in this global heap, found " + (extent == null ? "none" : extent.size + " bytes"));
    }
    return file.cursor(extent.address, length, Integer.MAX_VALUE, path).bytes(length);
  }

  private Map<Integer, Extent> scan(long collection, String path) throws IOException {
    Hdf5Cursor header = file.cursor(collection, HEADER, HEADER, path).signature("GCOL");
    long size = header.version(1, "global heap").skip(3).size();
    file.require(collection, size, path);
    Map<Integer, Extent> extents = new HashMap<>();
    long end = collection + size;
    for (long at = collection + HEADER; at <= end - OBJECT; ) {
      Hdf5Cursor object = file.cursor(at, OBJECT, OBJECT, path);
      int index = object.u16();
      long length = object.skip(2 + 4).size();
      // Object 0 is the free space, and the last.
      if (index == 0) {
        break;
      }
      if (length > end - at - OBJECT) {
        throw object.bad("an object of " + length + " bytes does not fit into its global heap collection");
      }
      if (extents.put(index, new Extent(at + OBJECT, length)) != null || ++objects > MAX_OBJECTS) {
        throw object.bad("object " + index + " stands twice in its global heap collection, or the file has more than "
            + MAX_OBJECTS);
      }
      at += OBJECT + (length + 7 & -8);
    }
    return extents;
  }
}
