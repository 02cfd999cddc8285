package dev.rill.keras.hdf5;

import java.nio.charset.StandardCharsets;

/**
 * Puts strings into global heaps. A collection has 4096 bytes, the least that HDF5 reads; a string that needs more has one
 * of its own size.
 */
final class Hdf5HeapWriter {
  private static final byte[] SIGNATURE = "GCOL".getBytes(StandardCharsets.US_ASCII);
  private static final int COLLECTION = 4096;
  private static final int HEADER = 16;
  private static final int OBJECT = 16;
  /** Where an object's header has its size. */
  private static final int SIZE_FIELD = 8;

  private final Hdf5Block block;
  private int collection;
  private int next;
  private int end;
  private int objects;

  Hdf5HeapWriter(Hdf5Block block) {
    this.block = block;
  }

  /**
   * Where a string lies.
   *
   * @param collection address of the global heap
   * @param index its number in it
   */
  record Place(long collection, int index) {}

  /** Stores a string; a new collection is put where the block ends. */
  Place put(byte[] text) {
    int room = OBJECT + (text.length + 7 & -8);
    if (room > end - next) {
      begin(room);
    }
    block.patch(next, new byte[] {(byte) ++objects, (byte) (objects >> 8)});
    block.patch(next + SIZE_FIELD, text.length);
    block.patch(next + OBJECT, text);
    next += room;
    // Object 0 is the free space, as far as it has room for a header.
    if (end - next >= OBJECT) {
      block.patch(next + SIZE_FIELD, end - next);
    }
    return new Place(collection, objects);
  }

  private void begin(int room) {
    int size = Math.max(COLLECTION, HEADER + room);
    collection = block.align().at();
    block.text(SIGNATURE).u8(1, 0, 0, 0).u64(size).zeros(size - HEADER);
    next = collection + HEADER;
    end = collection + size;
    objects = 0;
  }
}
