package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;
import java.util.Arrays;

/** How a data set is cut into chunks of one size; those at the edges reach beyond it. */
final class Hdf5ChunkGrid {
  private final int[] shape;
  private final int[] chunk;
  /** Chunks along each axis: as many as there are, and as many as there may come to be. */
  private final long[] counts;
  private final long[] maxCounts;
  private final long chunks;
  private final int bytes;
  /** The axes from the slowest to the fastest, as an index that is an array counts them: one without a limit comes first. */
  private final int[] axes;

  /**
   * Reads the sizes of the axes of a chunk.
   *
   * @param layout at the first size
   * @param rank number of axes in the file: those of the data set, and the bytes of an element
   * @param width bytes of a size
   */
  Hdf5ChunkGrid(Hdf5Cursor layout, int rank, int width, Hdf5Dataspace space, Hdf5Datatype type) {
    shape = space.shape();
    if (rank != shape.length + 1 || shape.length == 0) {
      throw layout.bad("chunks with sizes of " + rank + " axes, that of an element's bytes included, in a data set of " + shape.length);
    }
    if (width < 1 || width > Long.BYTES) {
      throw layout.bad("expected sizes of a chunk of 1 to " + Long.BYTES + " bytes each, found " + width);
    }
    chunk = new int[shape.length];
    counts = new long[shape.length];
    maxCounts = new long[shape.length];
    long size = type.size();
    long all = 1;
    int unlimited = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      long length = layout.size(width);
      if (length < 1 || length > HeapRoom.MAX_LENGTH) {
        throw layout.bad("a chunk has " + length + " elements on axis " + axis);
      }
      size *= length;
      if (size > HeapRoom.MAX_LENGTH) {
        throw layout.bad("a chunk has more than " + HeapRoom.MAX_LENGTH + " bytes");
      }
      chunk[axis] = (int) length;
      counts[axis] = (shape[axis] + length - 1) / length;
      // At most the elements of the data set, which are counted.
      all *= counts[axis];
      long most = space.maxima()[axis];
      maxCounts[axis] = most == Hdf5Dataspace.UNLIMITED ? Long.MAX_VALUE : Math.max(1, most / length + (most % length == 0 ? 0 : 1));
      unlimited = most == Hdf5Dataspace.UNLIMITED ? axis : unlimited;
    }
    long elementBytes = layout.size(width);
    if (elementBytes != type.size()) {
      throw layout.bad("chunks of elements of " + elementBytes + " bytes, expected " + type.size());
    }
    bytes = (int) size;
    chunks = all;
    axes = new int[shape.length];
    axes[0] = unlimited;
    for (int axis = 0, next = 1; axis < shape.length; axis++) {
      if (axis != unlimited) {
        axes[next++] = axis;
      }
    }
  }

  int rank() {
    return shape.length;
  }

  /** Bytes of a chunk in memory. */
  int bytes() {
    return bytes;
  }

  /** How many chunks hold elements. */
  long chunks() {
    return chunks;
  }

  /** Size of a chunk on an axis. */
  int chunk(int axis) {
    return chunk[axis];
  }

  /** Whether the data set has all chunks that it may have. */
  boolean full() {
    return Arrays.equals(counts, maxCounts);
  }

  /** Turns the number of a chunk in an index that is an array into its coordinates. */
  void locate(long number, long[] coordinates) {
    long left = number;
    for (int i = axes.length - 1; i > 0; i--) {
      coordinates[axes[i]] = left % maxCounts[axes[i]];
      left /= maxCounts[axes[i]];
    }
    coordinates[axes[0]] = left;
  }

  /** The number of a chunk in row-major order; −1 for one that holds no elements. */
  int number(long[] coordinates) {
    long number = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (coordinates[axis] < 0 || coordinates[axis] >= counts[axis]) {
        return -1;
      }
      number = number * counts[axis] + coordinates[axis];
    }
    return (int) number;
  }

  /**
   * Hands over the elements of a chunk, without those beyond the data set.
   *
   * @param coordinates of the chunk
   * @param elements of the chunk
   * @param target told runs along the last axis
   */
  void copy(long[] coordinates, Hdf5Chunk elements, Hdf5Storage.Target target) {
    int last = shape.length - 1;
    int[] length = new int[shape.length];
    for (int axis = 0; axis <= last; axis++) {
      length[axis] = (int) Math.min(chunk[axis], shape[axis] - coordinates[axis] * chunk[axis]);
    }
    int[] inside = new int[shape.length];
    while (inside[0] < length[0]) {
      int from = 0;
      int to = 0;
      for (int axis = 0; axis <= last; axis++) {
        from = from * chunk[axis] + inside[axis];
        to = to * shape[axis] + (int) coordinates[axis] * chunk[axis] + inside[axis];
      }
      for (int done = 0, count; done < length[last]; done += count) {
        count = Math.min(Hdf5Chunk.RUN, length[last] - done);
        target.take(elements.run(from + done, count), to + done, count);
      }
      // The next row, as an odometer counts; a single axis is one row.
      inside[last] = length[last];
      for (int axis = last; axis > 0 && inside[axis] == length[axis]; axis--) {
        inside[axis] = 0;
        inside[axis - 1]++;
      }
    }
  }
}
