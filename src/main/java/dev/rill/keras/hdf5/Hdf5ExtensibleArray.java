package dev.rill.keras.hdf5;

import java.io.IOException;

/**
 * An index of chunks that is an array without a limit: some elements in an index block, the others in data blocks, which grow and
 * of which the later ones are named by super blocks.
 */
final class Hdf5ExtensibleArray extends Hdf5ChunkIndex {
  private static final int HEADER = 72;
  /** Signature, version, kind and the header's address. */
  private static final int PREFIX = 14;
  private static final int MAX_BLOCK = 1 << 24;

  private final Hdf5Bytes file;
  private final String path;
  private final long address;
  private final Hdf5ChunkEntry entry;
  private int size;
  private int offsetWidth;
  private int pageBits;
  private long smallest;
  /** The number of the next element, and behind that of the last one. */
  private long next;
  private long end;

  Hdf5ExtensibleArray(Hdf5Bytes file, String path, long address, Hdf5ChunkGrid grid, boolean filtered) {
    this.file = file;
    this.path = path;
    this.address = address;
    entry = new Hdf5ChunkEntry(grid, filtered);
  }

  @Override
  void each(Visitor visitor) throws IOException {
    if (address == Hdf5Cursor.UNDEFINED) {
      return;
    }
    Hdf5Cursor header = file.checked(address, HEADER, HEADER, path).signature("EAHD").version(0, "array of chunks");
    size = entry.size(header.skip(1));
    int bits = header.u8();
    int indexed = header.u8();
    smallest = header.u8();
    int pointers = header.u8();
    pageBits = header.u8();
    end = header.skip(4 * Long.BYTES).size();
    long index = header.skip(Long.BYTES).address();
    int smallestBits = 63 - Long.numberOfLeadingZeros(smallest | 1);
    int pointerBits = 31 - Integer.numberOfLeadingZeros(pointers | 1);
    if (smallest != 1L << smallestBits || pointers != 1 << pointerBits || bits > 62 || bits < smallestBits) {
      throw header.bad("an index of chunks with blocks of " + smallest + ", " + pointers + " pointers and " + bits + " bits");
    }
    offsetWidth = (bits + 7) / 8;
    next = 0;
    if (index == Hdf5Cursor.UNDEFINED) {
      return;
    }
    // Super blocks 0, 1, 2, ... have 1, 1, 2, 2, 4, 4, ... data blocks; the index block names those of the first itself.
    int supers = 1 + bits - smallestBits;
    int own = Math.min(supers, 2 * pointerBits);
    int blocks = 0;
    for (int i = 0; i < own; i++) {
      blocks += 1 << i / 2;
    }
    long length = PREFIX + (long) indexed * size + 8L * (blocks + supers - own) + Integer.BYTES;
    Hdf5Cursor block = file.checked(index, length, MAX_BLOCK, path).signature("EAIB").skip(PREFIX - 4);
    elements(block, indexed, visitor);
    for (int i = 0; i < own; i++) {
      datas(block, i, visitor);
    }
    for (int i = own; i < supers && next < end; i++) {
      superBlock(block.address(), i, visitor);
    }
  }

  /** Elements of a data block of a super block. */
  private long blockLength(int superBlock) {
    return smallest << (superBlock + 1) / 2;
  }

  private void elements(Hdf5Cursor elements, long count, Visitor visitor) throws IOException {
    long used = Math.max(0, Math.min(count, end - next));
    entry.each(elements, next, used, visitor);
    elements.skip((int) (count - used) * size);
    next += count;
  }

  /** The data blocks of a super block, whose addresses come next. */
  private void datas(Hdf5Cursor addresses, int superBlock, Visitor visitor) throws IOException {
    long length = blockLength(superBlock);
    for (int i = 0; i < 1 << superBlock / 2; i++) {
      long block = addresses.address();
      if (block == Hdf5Cursor.UNDEFINED || next >= end) {
        next += length;
        continue;
      }
      refusePages(length, block);
      long bytes = PREFIX + offsetWidth + length * size + Integer.BYTES;
      Hdf5Cursor data = file.checked(block, bytes, MAX_BLOCK, path).signature("EADB").skip(PREFIX - 4 + offsetWidth);
      elements(data, length, visitor);
    }
  }

  private void superBlock(long block, int number, Visitor visitor) throws IOException {
    long blocks = 1L << number / 2;
    if (block == Hdf5Cursor.UNDEFINED) {
      next += blocks * blockLength(number);
      return;
    }
    refusePages(blockLength(number), block);
    long bytes = PREFIX + offsetWidth + 8 * blocks + Integer.BYTES;
    datas(file.checked(block, bytes, MAX_BLOCK, path).signature("EASB").skip(PREFIX - 4 + offsetWidth), number, visitor);
  }

  /** Only blocks far behind are cut into pages: by default those behind the first 131,060 chunks. */
  private void refusePages(long length, long block) throws IOException {
    if (pageBits < 62 && length > 1L << pageBits) {
      throw file.cursor(block, 0, 0, path).unsupported("an array of chunks that is cut into pages");
    }
  }
}
