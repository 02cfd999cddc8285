package dev.rill.keras.hdf5;

import dev.rill.io.HeapRoom;
import dev.rill.io.Utf8;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A block of an HDF5 file's structure, read from front to back; it knows its offset in the file for messages. */
final class Hdf5Cursor {
  /** The address of something that does not exist. */
  static final long UNDEFINED = -1;

  private final Hdf5Bytes file;
  private final String path;
  private final long start;
  private final ByteBuffer bytes;

  /** The buffer is little-endian and its position 0 is at the start offset. */
  Hdf5Cursor(Hdf5Bytes file, String path, long start, ByteBuffer bytes) {
    this.file = file;
    this.path = path;
    this.start = start;
    this.bytes = bytes;
  }

  /** The offset in the file of what comes next. */
  long at() {
    return start + bytes.position();
  }

  int remaining() {
    return bytes.remaining();
  }

  int u8() {
    return need(1).get() & 0xff;
  }

  /** The byte that comes next, which is not skipped. */
  int next() {
    return need(1).get(bytes.position()) & 0xff;
  }

  int u16() {
    return need(2).getShort() & 0xffff;
  }

  long u32() {
    return need(4).getInt() & 0xffff_ffffL;
  }

  long i64() {
    return need(8).getLong();
  }

  /** A 64-bit size or count, which no file can make larger than 2^63. */
  long size() {
    long size = i64();
    if (size < 0) {
      throw bad("the size " + Long.toUnsignedString(size) + " is beyond any file");
    }
    return size;
  }

  /** A size or count of as many bytes as its place in the format has. */
  long size(int width) {
    if (width == Long.BYTES) {
      return size();
    }
    long size = 0;
    for (int i = 0; i < width; i++) {
      size |= (long) u8() << 8 * i;
    }
    return size;
  }

  /** A 64-bit address inside the file, or {@link #UNDEFINED}. */
  long address() {
    long address = i64();
    if (address != UNDEFINED && (address < 0 || address > file.size())) {
      throw bad("the address " + Long.toUnsignedString(address) + " is outside the file of " + file.size() + " bytes");
    }
    return address;
  }

  byte[] bytes(int count) {
    need(count);
    byte[] target = HeapRoom.bytes(count, "a piece of an HDF5 file");
    bytes.get(target);
    return target;
  }

  /** The next bytes as a text in UTF-8. */
  String text(int length) {
    return text(bytes(length));
  }

  String text(byte[] utf8) {
    return text(utf8, 0, utf8.length);
  }

  /** Bytes that have been read as a text in UTF-8. */
  String text(byte[] utf8, int from, int length) {
    try {
      return Utf8.decode(utf8, from, length);
    } catch (CharacterCodingException e) {
      throw bad("a text is not UTF-8");
    }
  }

  Hdf5Cursor skip(int count) {
    need(count).position(bytes.position() + count);
    return this;
  }

  /** The next bytes as a cursor of their own. */
  Hdf5Cursor part(int count) {
    int from = need(count).position();
    bytes.position(from + count);
    return new Hdf5Cursor(file, path, start + from, bytes.slice(from, count).order(bytes.order()));
  }

  /** A second cursor over the same bytes, at the same place. */
  Hdf5Cursor copy() {
    return new Hdf5Cursor(file, path, start, bytes.duplicate().order(bytes.order()));
  }

  Hdf5Cursor signature(String expected) {
    byte[] found = bytes(expected.length());
    if (!Arrays.equals(found, expected.getBytes(StandardCharsets.ISO_8859_1))) {
      throw bad("expected the signature " + expected + " before this offset, found " + Arrays.toString(found));
    }
    return this;
  }

  /** Whether a signature comes next, which is not skipped. */
  boolean startsWith(String signature) {
    byte[] expected = signature.getBytes(StandardCharsets.ISO_8859_1);
    boolean starts = expected.length <= bytes.remaining();
    for (int i = 0; starts && i < expected.length; i++) {
      starts = bytes.get(bytes.position() + i) == expected[i];
    }
    return starts;
  }

  /** Reads a version number; another one is a feature that is not read. */
  Hdf5Cursor version(int expected, String what) {
    int found = u8();
    if (found != expected) {
      throw unsupported("version " + found + " of the " + what + " (" + expected + " is known)");
    }
    return this;
  }

  FormatException bad(String message) {
    return new FormatException(place() + ": " + message);
  }

  /** A feature of the format that Keras and h5py do not use by themselves. */
  UnsupportedException unsupported(String feature) {
    return new UnsupportedException(place() + ": not read is " + feature + "; HDF5's own tool writes the same file plainly "
        + "(h5repack -l CONTI -f NONE OLD NEW), and so does saving the model in Keras");
  }

  /** The file, the path in it, and the offset. */
  String place() {
    return file.place() + ' ' + path + " at offset " + at();
  }

  private ByteBuffer need(int count) {
    if (count < 0 || count > bytes.remaining()) {
      throw bad("expected " + count + " bytes more, found " + bytes.remaining());
    }
    return bytes;
  }
}
