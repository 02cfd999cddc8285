package dev.rill.keras.hdf5;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.util.Arrays;

/**
 * An HDF5 file, as far as Keras and h5py use the format by default: superblock 0, groups of the old style, attributes
 * with strings, and contiguous data sets of numbers. Everything else is refused by its name and offset.
 *
 * <p>Structure is read when it is asked for and kept; data is read when it is asked for and not kept. For one thread.
 */
public final class Hdf5File {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int SUPERBLOCK = 96;

  private final Hdf5Group root;

  private Hdf5File(Hdf5Group root) {
    this.root = root;
  }

  /**
   * Opens a file; reads its superblock only.
   *
   * @param source its bytes, to be kept open while the file is used
   * @param place what messages call it, such as {@code model.keras!model.weights.h5}
   * @return the file
   * @throws FormatException if it is not an HDF5 file, truncated or damaged
   * @throws UnsupportedException if it uses a newer format of HDF5
   * @throws IOException if reading fails
   */
  public static Hdf5File open(ByteSource source, String place) throws IOException {
    if (source.size() < SUPERBLOCK || !Arrays.equals(source.read(0, SIGNATURE.length).array(), SIGNATURE)) {
      throw new FormatException(place + ": expected an HDF5 file, found " + source.size()
          + " bytes that do not begin as one");
    }
    Hdf5Bytes bytes = new Hdf5Bytes(source, place);
    Hdf5Cursor superblock = bytes.cursor(0, SUPERBLOCK, SUPERBLOCK, "/").skip(SIGNATURE.length);
    superblock.version(0, "superblock").version(0, "free-space storage").version(0, "root symbol table");
    superblock.skip(1).version(0, "shared headers");
    int offsets = superblock.u8();
    int lengths = superblock.u8();
    if (offsets != Long.BYTES || lengths != Long.BYTES) {
      throw superblock.unsupported("addresses of " + offsets + " and sizes of " + lengths + " bytes, only 8 are read");
    }
    superblock.skip(1 + 2 + 2 + 4);
    if (superblock.address() != 0) {
      throw superblock.unsupported("a base address other than 0");
    }
    superblock.skip(Long.BYTES);
    long end = superblock.size();
    if (end > source.size()) {
      throw new FormatException(place + ": the HDF5 file should have " + end + " bytes and has " + source.size()
          + ": it is truncated");
    }
    if (superblock.address() != Hdf5Cursor.UNDEFINED) {
      throw superblock.unsupported("a driver information block");
    }
    superblock.skip(Long.BYTES);
    long header = superblock.address();
    bytes.own(header, "/");
    return new Hdf5File(new Hdf5Group(bytes, new Hdf5GlobalHeap(bytes), Hdf5Header.read(bytes, header, "/")));
  }

  /**
   * The group that holds everything.
   *
   * @return the group {@code /}
   */
  public Hdf5Group root() {
    return root;
  }
}
