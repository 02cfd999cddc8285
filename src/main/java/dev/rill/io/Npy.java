package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * numpy's {@code .npy} files, format versions 1.0 to 3.0, of little-endian numbers and truth values.
 *
 * <p>Column-major arrays are brought into row-major order. Objects, strings, records, complex and big-endian numbers
 * are refused by name.
 */
public final class Npy {
  private static final int PREFIX = 8;
  private static final int MAX_HEADER = 1 << 16;
  private static final int ALIGNMENT = 64;
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private Npy() {}

  /**
   * Reads a file.
   *
   * @param file of one array
   * @return the array
   * @throws FormatException if it is damaged, hostile, or has more bytes than its array
   * @throws UnsupportedException if the elements are of a type that is not read
   * @throws IOException if reading fails
   */
  public static NpyArray read(Path file) throws IOException {
    try (ByteSource source = ByteSource.open(file)) {
      return read(source, file.toString());
    }
  }

  /**
   * Reads an array.
   *
   * @param source its bytes, header included
   * @param place what messages call it
   * @return the array
   * @throws FormatException if it is damaged, hostile, or has more bytes than its array
   * @throws UnsupportedException if the elements are of a type that is not read
   * @throws IOException if reading fails
   */
  public static NpyArray read(ByteSource source, String place) throws IOException {
    Require.given(source, "the bytes of an array");
    if (source.size() < PREFIX || !Arrays.equals(source.read(0, MAGIC.length).array(), MAGIC)) {
      throw new FormatException(place + ": expected a numpy array, found no \\x93NUMPY at the beginning");
    }
    ByteBuffer version = source.read(MAGIC.length, 2);
    int major = version.get(0);
    if (major < 1 || major > 3 || version.get(1) != 0) {
      throw new UnsupportedException(place + ": expected version 1.0, 2.0 or 3.0 of the npy format, found "
          + (major & 0xff) + '.' + (version.get(1) & 0xff));
    }
    int width = major == 1 ? 2 : 4;
    if (Require.given(source, "the bytes of an array").size() < PREFIX + width) {
      throw new FormatException(place + ": the file ends before the length of its header");
    }
    ByteBuffer field = source.read(PREFIX, width);
    long length = major == 1 ? field.getShort() & 0xffff : field.getInt() & 0xffff_ffffL;
    long start = PREFIX + width + length;
    if (length > MAX_HEADER || start > source.size()) {
      throw new FormatException(place + ": a header of " + length + " bytes, at most " + MAX_HEADER
          + " are read, and the file has " + source.size() + " in all");
    }
    String header = new String(source.read(PREFIX + width, (int) length).array(), StandardCharsets.ISO_8859_1);
    NpyHeader described = NpyHeader.parse(header, place);
    int[] shape = described.shape();
    long bytes = (long) HeapRoom.elements(shape, place) * described.type().bytes();
    if (source.size() - start != bytes) {
      throw new FormatException(place + ": the shape " + Arrays.toString(shape) + " of " + described.type() + " takes "
          + bytes + " bytes, found " + (source.size() - start) + " after the header");
    }
    byte[] data = HeapRoom.bytes(bytes, place);
    source.read(start, ByteBuffer.wrap(data));
    return new NpyArray(place, described.type(), shape,
        described.fortranOrder() ? rowMajor(data, shape, described.type().bytes(), place) : data);
  }

  /**
   * Writes a file that numpy loads, beside its target first and then moved into place.
   *
   * @param file where it will be
   * @param array to write
   * @throws IOException if writing fails; the target is as it was then
   */
  public static void write(Path file, NpyArray array) throws IOException {
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(header(array));
      target.write(array.bytes());
      target.commit();
    }
  }

  /** What stands in front of the elements: version 1.0, padded so that they begin at a multiple of 64. */
  static ByteBuffer header(NpyArray array) {
    byte[] text = NpyHeader.text(Require.given(array, "the array").type(), array.shape()).getBytes(StandardCharsets.ISO_8859_1);
    int unpadded = PREFIX + 2 + text.length + 1;
    int length = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) ' ');
    bytes[length - 1] = '\n';
    ByteBuffer header = ByteBuffer.wrap(bytes).put(MAGIC).put((byte) 1).put((byte) 0);
    header.put((byte) (length - PREFIX - 2)).put((byte) (length - PREFIX - 2 >> 8)).put(text);
    return header.rewind();
  }

  /** Counts through the row-major indices while the position among the column-major elements follows. */
  private static byte[] rowMajor(byte[] data, int[] shape, int bytes, String place) {
    byte[] ordered = HeapRoom.bytes(data.length, place);
    int[] index = new int[shape.length];
    int from = 0;
    for (int to = 0; to < data.length; to += bytes) {
      System.arraycopy(data, from, ordered, to, bytes);
      from = next(index, shape, bytes, data.length, from);
    }
    return ordered;
  }

  private static int next(int[] index, int[] shape, int bytes, int length, int from) {
    int stride = length;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      stride /= shape[axis];
      from += stride;
      if (++index[axis] < shape[axis]) {
        return from;
      }
      from -= stride * shape[axis];
      index[axis] = 0;
    }
    return from;
  }
}
