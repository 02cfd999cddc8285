package dev.rill.keras.hdf5;

import dev.rill.io.ElementType;
import dev.rill.io.HeapRoom;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.ShapeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A data set of an HDF5 file: numbers in row-major order, read straight into the caller's array when asked for.
 *
 * <p>Types are {@link ElementType}'s; bfloat16 is what Keras writes as two opaque bytes with an attribute that says so.
 */
public final class Hdf5Dataset {
  private static final int COMPACT = 0;
  private static final int CONTIGUOUS = 1;

  private final Hdf5Bytes file;
  private final Hdf5Header header;
  private final Hdf5Attributes attributes;
  private final Hdf5Dataspace space;
  private final ElementType type;
  private final long address;

  Hdf5Dataset(Hdf5Bytes file, Hdf5GlobalHeap heap, Hdf5Header header) throws IOException {
    this.file = file;
    this.header = header;
    this.attributes = new Hdf5Attributes(heap, header);
    Hdf5Cursor layout = header.only(Hdf5Header.LAYOUT, "layout, which makes a data set");
    this.space = Hdf5Dataspace.read(header.only(Hdf5Header.DATASPACE, "data space"));
    Hdf5Cursor datatype = header.only(Hdf5Header.DATATYPE, "data type");
    this.type = type(Hdf5Datatype.read(datatype), datatype);
    this.address = address(layout.version(3, "layout"));
  }

  /**
   * Where this data set stands.
   *
   * @return the absolute path
   */
  public String path() {
    return header.path();
  }

  /**
   * The attributes of this data set.
   *
   * @return all of them
   */
  public Hdf5Attributes attributes() {
    return attributes;
  }

  /**
   * What the elements are.
   *
   * @return their type in the file
   */
  public ElementType type() {
    return type;
  }

  /**
   * The sizes of the axes.
   *
   * @return a copy, empty for a scalar
   */
  public int[] shape() {
    return space.shape().clone();
  }

  /**
   * The number of elements.
   *
   * @return the product of the shape
   */
  public int size() {
    return space.elements();
  }

  /**
   * Reads the elements as floats. Doubles and large integers are rounded to the nearest, as Keras does when it assigns
   * them. float32 is copied to the bit, at the speed of the file system's cache.
   *
   * @param target receives all elements
   * @param at index of the first one in the target
   * @throws ShapeException if the target is too short
   * @throws IOException if reading fails
   */
  public void floats(float[] target, int at) throws IOException {
    if (at < 0 || at > target.length || size() > target.length - at) {
      throw new ShapeException(file.place() + ' ' + path() + ": " + size() + " elements of shape "
          + Arrays.toString(space.shape()) + " do not fit into an array of " + target.length + " from index " + at);
    }
    for (int done = 0; done < size(); ) {
      ByteBuffer block = block(done);
      int count = block.remaining() / type.bytes();
      type.floats(block, target, at + done, count);
      done += count;
    }
  }

  /**
   * Reads the elements as longs.
   *
   * @return a new array; truth values are 0 and 1
   * @throws FormatException if the elements are floating-point numbers
   * @throws IOException if reading fails
   */
  public long[] longs() throws IOException {
    if (type.floating()) {
      throw new FormatException(file.place() + ' ' + path() + ": expected integers, found " + type);
    }
    long[] target = HeapRoom.longs(size(), file.place() + ' ' + path());
    for (int done = 0; done < size(); ) {
      ByteBuffer block = block(done);
      int count = block.remaining() / type.bytes();
      type.longs(block, target, done, count);
      done += count;
    }
    return target;
  }

  private ByteBuffer block(int done) throws IOException {
    return file.block(address + (long) done * type.bytes(), (long) (size() - done) * type.bytes());
  }

  private ElementType type(Hdf5Datatype datatype, Hdf5Cursor cursor) throws IOException {
    return switch (datatype.kind()) {
      case NUMBER -> datatype.element();
      case OPAQUE -> {
        if (datatype.size() != 2 || !attributes.has("dtype") || !attributes.string("dtype").equals("bfloat16")) {
          throw cursor.unsupported("opaque elements that are not bfloat16");
        }
        yield ElementType.BFLOAT16;
      }
      default -> throw cursor.unsupported("a data set of strings");
    };
  }

  private long address(Hdf5Cursor layout) {
    int kind = layout.u8();
    long expected = (long) size() * type.bytes();
    long bytes;
    long start;
    if (kind == COMPACT) {
      bytes = layout.u16();
      start = layout.at();
    } else if (kind == CONTIGUOUS) {
      start = layout.address();
      bytes = layout.size();
    } else {
      throw layout.unsupported(kind == 2 ? "a data set in chunks" : "a data set of the unknown layout " + kind);
    }
    if (bytes != expected) {
      throw layout.bad("the shape " + Arrays.toString(space.shape()) + " of " + type + " takes " + expected
          + " bytes, but the data set has " + bytes);
    }
    if (expected > 0) {
      if (start == Hdf5Cursor.UNDEFINED) {
        throw layout.bad("the data set has never been written");
      }
      file.require(start, expected, path());
    }
    return start;
  }
}
