package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The elements of one chunk. Where they are shuffled, the first bytes of all elements before their second bytes, and so on, they
 * are put together a few at a time: a second copy of a chunk would be the most that loading a file takes.
 */
final class Hdf5Chunk {
  /** The most elements that are asked for at once. */
  static final int RUN = 1 << 12;

  private final byte[] bytes;
  private final int elementBytes;
  /** Elements of a shuffled chunk, which is what their bytes lie apart; 0 where elements are whole. */
  private final int apart;
  private final ByteBuffer run;

  /**
   * Elements in the first bytes of an array.
   *
   * @param length how many bytes, a multiple of those of an element
   */
  Hdf5Chunk(byte[] bytes, int length, boolean shuffled, int elementBytes, ByteOrder order) {
    this.bytes = bytes;
    this.elementBytes = elementBytes;
    int elements = length / elementBytes;
    apart = shuffled ? elements : 0;
    run = (shuffled ? ByteBuffer.allocate(Math.min(RUN, elements) * elementBytes) : ByteBuffer.wrap(bytes)).order(order);
  }

  /**
   * Some elements, until the next call.
   *
   * @param count how many, at most {@link #RUN}
   * @return positioned at the first of them
   */
  ByteBuffer run(int from, int count) {
    if (apart == 0) {
      return run.position(from * elementBytes);
    }
    unshuffle(bytes, elementBytes, apart, from, count, run.array());
    return run.position(0);
  }

  /** A copy with whole elements; what is left of the last one stays where it is. */
  static byte[] unshuffled(byte[] shuffled, int length, int elementBytes, Hdf5Cursor place) {
    byte[] plain = HeapRoom.bytes(length, at(place));
    int count = length / elementBytes;
    unshuffle(shuffled, elementBytes, count, 0, count, plain);
    int rest = count * elementBytes;
    System.arraycopy(shuffled, rest, plain, rest, length - rest);
    return plain;
  }

  /** What needs memory, for messages. */
  static String at(Hdf5Cursor place) {
    return place.place() + ": a chunk of the data set";
  }

  private static void unshuffle(byte[] shuffled, int elementBytes, int apart, int from, int count, byte[] to) {
    for (int b = 0; b < elementBytes; b++) {
      for (int i = 0, at = b * apart + from; i < count; i++) {
        to[i * elementBytes + b] = shuffled[at + i];
      }
    }
  }
}
