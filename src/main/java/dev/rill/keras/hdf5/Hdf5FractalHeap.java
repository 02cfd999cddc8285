package dev.rill.keras.hdf5;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A fractal heap: where links and attributes are when they are many or large. Objects lie in direct blocks, whose sizes double
 * from row to row of a table of blocks; a large one lies in the file by itself.
 */
final class Hdf5FractalHeap {
  private static final int HEADER = 146;
  private static final int MAX_BLOCK = 1 << 20;
  private static final int MAX_OBJECT = 64 << 20;
  private static final int MAX_LARGE = 1 << 16;
  private static final int MANAGED = 0;
  private static final int HUGE = 1;
  private static final int CHECKED_BLOCKS = 2;

  private final Hdf5Bytes file;
  private final String path;
  private final int offsetWidth;
  private final int lengthWidth;
  private final boolean checkedBlocks;
  private final long hugeTree;
  private final int tableWidth;
  private final long startSize;
  private final int directRows;
  private final long root;
  private final int rootRows;
  /** Objects that lie by themselves, by their number; null until one is asked for. */
  private Map<Long, long[]> huge;

  Hdf5FractalHeap(Hdf5Bytes file, long address, String path) throws IOException {
    this.file = file;
    this.path = path;
    Hdf5Cursor header = file.checked(address, HEADER, HEADER, path).signature("FRHP").version(0, "fractal heap").skip(2);
    if (header.u16() != 0) {
      throw header.unsupported("a fractal heap with filters");
    }
    checkedBlocks = (header.u8() & CHECKED_BLOCKS) != 0;
    long largestManaged = header.u32();
    header.skip(Long.BYTES);
    hugeTree = header.address();
    header.skip(10 * Long.BYTES);
    tableWidth = header.u16();
    startSize = header.size();
    long largestDirect = header.size();
    int bits = header.u16();
    header.skip(2);
    root = header.address();
    rootRows = header.u16();
    if (!isPowerOfTwo(tableWidth) || !isPowerOfTwo(startSize) || !isPowerOfTwo(largestDirect) || largestDirect < startSize
        || largestDirect > 1 << 30 || bits > 64 || log2(tableWidth * startSize) + rootRows > 62) {
      throw header.bad("a fractal heap with " + tableWidth + " blocks of " + startSize + " to " + largestDirect
          + " bytes in a row and " + rootRows + " rows");
    }
    offsetWidth = (bits + 7) / 8;
    lengthWidth = Math.min((log2(largestDirect) + 7) / 8, (log2(Math.max(1, largestManaged)) + 7) / 8);
    directRows = log2(largestDirect) - log2(startSize) + 2;
  }

  private static boolean isPowerOfTwo(long size) {
    return size > 0 && (size & size - 1) == 0;
  }

  private static int log2(long size) {
    return 63 - Long.numberOfLeadingZeros(size);
  }

  /** The bytes of an object. */
  Hdf5Cursor object(Hdf5Cursor id) throws IOException {
    int kind = id.u8() >> 4;
    if (kind == HUGE) {
      return huge(id.size(Math.min(Long.BYTES, id.remaining())), id);
    }
    if (kind != MANAGED) {
      throw id.unsupported("an object of kind " + kind + " in a fractal heap");
    }
    long offset = id.size(offsetWidth);
    long length = id.size(lengthWidth);
    long at = root;
    long start = 0;
    long size = startSize;
    for (int rows = rootRows; rows > 0; ) {
      long inside = offset - start;
      long firstRow = tableWidth * startSize;
      int row = inside < firstRow ? 0 : log2(inside / firstRow) + 1;
      if (row >= rows) {
        throw id.bad("an object at " + offset + " of a fractal heap is behind its last block");
      }
      size = row == 0 ? startSize : startSize << row - 1;
      long rowStart = row == 0 ? 0 : firstRow << row - 1;
      long column = (inside - rowStart) / size;
      at = child(at, rows, row * tableWidth + (int) column, id);
      start += rowStart + column * size;
      rows = row < directRows ? 0 : log2(size) - log2(firstRow) + 1;
    }
    int prefix = 5 + Long.BYTES + offsetWidth + (checkedBlocks ? Integer.BYTES : 0);
    long inside = offset - start;
    if (at == Hdf5Cursor.UNDEFINED || inside < prefix || length > size - inside) {
      throw id.bad("an object of " + length + " bytes at " + offset + " of a fractal heap is not inside of one block");
    }
    return file.cursor(at + inside, length, MAX_OBJECT, path);
  }

  /** The address of a block of the next level, which an indirect block knows. */
  private long child(long address, int rows, int index, Hdf5Cursor id) throws IOException {
    if (address == Hdf5Cursor.UNDEFINED) {
      throw id.bad("a block of a fractal heap is missing");
    }
    long length = 5 + Long.BYTES + offsetWidth + (long) rows * tableWidth * Long.BYTES + Integer.BYTES;
    return file.checked(address, length, MAX_BLOCK, path).signature("FHIB").version(0, "indirect block").skip(Long.BYTES + offsetWidth + index * Long.BYTES).address();
  }

  private Hdf5Cursor huge(long number, Hdf5Cursor id) throws IOException {
    if (huge == null) {
      huge = new HashMap<>();
      if (hugeTree != Hdf5Cursor.UNDEFINED) {
        Hdf5BTree.each(file, hugeTree, Hdf5BTree.HUGE_OBJECTS, path, new Hdf5BTree.Records() {
          @Override
          public void take(Hdf5Cursor record) {
            long[] extent = {record.address(), record.size()};
            huge.put(record.size(), extent);
            if (huge.size() > MAX_LARGE) {
              throw record.bad("more than " + MAX_LARGE + " large objects in a fractal heap");
            }
          }
        });
      }
    }
    long[] extent = huge.get(number);
    if (extent == null) {
      throw id.bad("the fractal heap has no large object " + number);
    }
    return file.cursor(extent[0], extent[1], MAX_OBJECT, path);
  }
}
