package dev.rill.keras.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Elements one behind the other, in the file or in the header of their data set. */
final class Hdf5Contiguous extends Hdf5Storage {
  private final Hdf5Bytes file;
  private final String path;
  private final long start;
  private final int elements;
  private final Hdf5Datatype type;

  Hdf5Contiguous(Hdf5Bytes file, String path, long start, int elements, Hdf5Datatype type) {
    this.file = file;
    this.path = path;
    this.start = start;
    this.elements = elements;
    this.type = type;
  }

  @Override
  void read(Target target) throws IOException {
    for (int done = 0; done < elements; ) {
      ByteBuffer block = file.block(start + (long) done * type.size(), (long) (elements - done) * type.size(), path);
      int count = block.remaining() / type.size();
      target.take(block.order(type.order()), done, count);
      done += count;
    }
  }
}
