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
 * <p>Types are {@link ElementType}'s, in either order of bytes; bfloat16 is what Keras writes as two opaque bytes with an
 * attribute that says so. Elements lie one behind the other, or in chunks, which may be compressed.
 */
public final class Hdf5Dataset {
  private final Hdf5Bytes file;
  private final Hdf5Header header;
  private final Hdf5Attributes attributes;
  private final Hdf5Dataspace space;
  private final ElementType type;
  private final Hdf5Storage storage;

  Hdf5Dataset(Hdf5Bytes file, Hdf5GlobalHeap heap, Hdf5Header header) throws IOException {
    this.file = file;
    this.header = header;
    if (header.isGroup()) {
      throw new FormatException(file.place() + ' ' + header.path() + ": expected a data set, found a group");
    }
    this.attributes = new Hdf5Attributes(file, heap, header);
    Hdf5Cursor dataspace = header.only(Hdf5Header.DATASPACE, "data space");
    this.space = Hdf5Dataspace.read(dataspace);
    if (space.elements() == 0 && space.shape().length == 0) {
      throw dataspace.unsupported("a data set without a data space (null)");
    }
    Hdf5Cursor cursor = header.only(Hdf5Header.DATATYPE, "data type");
    Hdf5Datatype datatype = Hdf5Datatype.read(cursor);
    this.type = type(datatype, cursor);
    this.storage = Hdf5Storage.of(file, header, space, datatype);
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
    storage.read(new Hdf5Storage.Target() {
      @Override
      public void take(ByteBuffer elements, int first, int count) {
        type.floats(elements, target, at + first, count);
      }
    });
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
    storage.read(new Hdf5Storage.Target() {
      @Override
      public void take(ByteBuffer elements, int first, int count) {
        type.longs(elements, target, first, count);
      }
    });
    return target;
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
}
