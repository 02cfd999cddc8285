package dev.rill.keras.hdf5;

import java.io.IOException;

/** An index of chunks that is an array of known length; a long one is cut into pages. */
final class Hdf5FixedArray extends Hdf5ChunkIndex {
  private static final int HEADER = 28;
  /** Signature, version, kind and the header's address. */
  private static final int PREFIX = 14;
  private static final int MAX_PAGE = 1 << 24;

  private final Hdf5Bytes file;
  private final String path;
  private final long address;
  private final Hdf5ChunkEntry entry;

  Hdf5FixedArray(Hdf5Bytes file, String path, long address, Hdf5ChunkGrid grid, boolean filtered) {
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
    Hdf5Cursor header = file.checked(address, HEADER, HEADER, path).signature("FAHD").version(0, "array of chunks");
    int size = entry.size(header.skip(1));
    int pageBits = header.u8();
    long count = header.size();
    long block = header.address();
    if (block == Hdf5Cursor.UNDEFINED) {
      return;
    }
    file.require(block, Math.min(count, Long.MAX_VALUE / 256) * size, path);
    long page = pageBits > 30 ? count : Math.min(count, 1L << pageBits);
    if (count <= page) {
      Hdf5Cursor whole = file.checked(block, PREFIX + count * size + Integer.BYTES, MAX_PAGE, path);
      entry.each(whole.signature("FADB").skip(PREFIX - 4), 0, count, visitor);
      return;
    }
    // A bit for each page says whether it has been written.
    long pages = (count + page - 1) / page;
    long bits = (pages + 7) / 8;
    Hdf5Cursor prefix = file.checked(block, PREFIX + bits + Integer.BYTES, MAX_PAGE, path).signature("FADB").skip(PREFIX - 4);
    byte[] written = prefix.bytes((int) bits);
    long at = block + PREFIX + bits + Integer.BYTES;
    for (long first = 0; first < count; first += page) {
      long length = Math.min(page, count - first);
      int number = (int) (first / page);
      if ((written[number >> 3] & 0x80 >> (number & 7)) != 0) {
        entry.each(file.checked(at, length * size + Integer.BYTES, MAX_PAGE, path), first, length, visitor);
      }
      at += length * size + Integer.BYTES;
    }
  }
}
