package dev.rill.keras.hdf5;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.util.Arrays;

/**
 * An HDF5 file, as far as h5py writes the format by default and with {@code libver="latest"}: superblocks 0 to 3, groups of the old
 * and the new style, attributes with strings, and data sets of numbers, one behind the other or in chunks, with gzip, shuffle and
 * fletcher32. Everything else is refused by its name and offset.
 *
 * <p>Structure is read when it is asked for and kept; data is read when it is asked for and not kept. For one thread.
 */
public final class Hdf5File {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int OLD_SUPERBLOCK = 96;
  private static final int NEW_SUPERBLOCK = 48;
  /** Flags of a file that is, or has not ceased to be, open for writing. */
  private static final int BEING_WRITTEN = 5;

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
    if (source.size() < NEW_SUPERBLOCK || !Arrays.equals(source.read(0, SIGNATURE.length).array(), SIGNATURE)) {
      throw new FormatException(place + ": expected an HDF5 file, found " + source.size()
          + " bytes that do not begin as one");
    }
    Hdf5Bytes bytes = new Hdf5Bytes(source, place);
    Hdf5Cursor start = bytes.cursor(SIGNATURE.length, 1, 1, "/");
    int version = start.u8();
    long header = switch (version) {
      case 0, 1 -> first(bytes, version);
      case 2, 3 -> second(bytes);
      default -> throw start.unsupported("version " + version + " of the superblock (0 to 3 are known)");
    };
    bytes.own(header, "", "");
    return new Hdf5File(new Hdf5Group(bytes, new Hdf5GlobalHeap(bytes), Hdf5Header.read(bytes, header, "/")));
  }

  /** The address of the root's header. */
  private static long first(Hdf5Bytes bytes, int version) throws IOException {
    Hdf5Cursor superblock = bytes.cursor(0, OLD_SUPERBLOCK, OLD_SUPERBLOCK, "/").skip(SIGNATURE.length + 1);
    superblock.version(0, "free-space storage").version(0, "root symbol table").skip(1).version(0, "shared headers");
    checkWidths(superblock);
    superblock.skip(1 + 2 + 2 + 4 + (version == 1 ? 4 : 0));
    checkBase(superblock);
    superblock.skip(Long.BYTES);
    checkEnd(superblock.size(), bytes);
    if (superblock.address() != Hdf5Cursor.UNDEFINED) {
      throw superblock.unsupported("a driver information block");
    }
    return superblock.skip(Long.BYTES).address();
  }

  private static long second(Hdf5Bytes bytes) throws IOException {
    Hdf5Cursor superblock = bytes.checked(0, NEW_SUPERBLOCK, NEW_SUPERBLOCK, "/").skip(SIGNATURE.length + 1);
    checkWidths(superblock);
    if ((superblock.u8() & BEING_WRITTEN) != 0) {
      throw superblock.bad("the file is being written, or its writer has not closed it");
    }
    checkBase(superblock);
    superblock.skip(Long.BYTES);
    checkEnd(superblock.size(), bytes);
    return superblock.address();
  }

  private static void checkWidths(Hdf5Cursor superblock) {
    int offsets = superblock.u8();
    int lengths = superblock.u8();
    if (offsets != Long.BYTES || lengths != Long.BYTES) {
      throw superblock.unsupported("addresses of " + offsets + " and sizes of " + lengths + " bytes, only those of 8");
    }
  }

  private static void checkBase(Hdf5Cursor superblock) {
    if (superblock.address() != 0) {
      throw superblock.unsupported("a base address other than 0");
    }
  }

  private static void checkEnd(long end, Hdf5Bytes bytes) {
    if (end > bytes.size()) {
      throw new FormatException(bytes.place() + ": the HDF5 file should have " + end + " bytes and has " + bytes.size()
          + ": it is truncated");
    }
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
