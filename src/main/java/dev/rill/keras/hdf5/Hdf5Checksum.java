package dev.rill.keras.hdf5;

import java.nio.ByteBuffer;

/** The check sums of HDF5: Jenkins' lookup3 over structure of the new style, Fletcher's over chunks of data. */
final class Hdf5Checksum {
  private Hdf5Checksum() {}

  /**
   * Bob Jenkins' lookup3 ({@code hashlittle}) with initial value 0.
   *
   * @param bytes little-endian; read by index
   * @param length how many from index 0 on
   */
  static int lookup3(ByteBuffer bytes, int length) {
    int a = 0xdeadbeef + length;
    int b = a;
    int c = a;
    int at = 0;
    for (; length - at > 12; at += 12) {
      a += bytes.getInt(at);
      b += bytes.getInt(at + 4);
      c += bytes.getInt(at + 8);
      a -= c;
      a ^= Integer.rotateLeft(c, 4);
      c += b;
      b -= a;
      b ^= Integer.rotateLeft(a, 6);
      a += c;
      c -= b;
      c ^= Integer.rotateLeft(b, 8);
      b += a;
      a -= c;
      a ^= Integer.rotateLeft(c, 16);
      c += b;
      b -= a;
      b ^= Integer.rotateLeft(a, 19);
      a += c;
      c -= b;
      c ^= Integer.rotateLeft(b, 4);
      b += a;
    }
    if (at == length) {
      return c;
    }
    a += tail(bytes, at, length);
    b += tail(bytes, at + 4, length);
    c += tail(bytes, at + 8, length);
    c ^= b;
    c -= Integer.rotateLeft(b, 14);
    a ^= c;
    a -= Integer.rotateLeft(c, 11);
    b ^= a;
    b -= Integer.rotateLeft(a, 25);
    c ^= b;
    c -= Integer.rotateLeft(b, 16);
    a ^= c;
    a -= Integer.rotateLeft(c, 4);
    b ^= a;
    b -= Integer.rotateLeft(a, 14);
    c ^= b;
    c -= Integer.rotateLeft(b, 24);
    return c;
  }

  /** Up to four bytes; zeros behind the end. */
  private static int tail(ByteBuffer bytes, int from, int end) {
    int word = 0;
    for (int i = 0; i < 4 && from + i < end; i++) {
      word |= (bytes.get(from + i) & 0xff) << 8 * i;
    }
    return word;
  }

  /**
   * Fletcher's check sum over big-endian words of two bytes, as HDF5's filter computes it.
   *
   * @param bytes the data
   * @param length how many of them
   */
  static int fletcher32(byte[] bytes, int length) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < length; i += 2) {
      low += (bytes[i] & 0xff) << 8 | (i + 1 < length ? bytes[i + 1] & 0xff : 0);
      high += low;
      if ((i & 511) == 0) {
        low = fold(low);
        high = fold(high);
      }
    }
    return (int) (fold(high) << 16 | fold(low));
  }

  /** Modulo 65535, except that a multiple of it other than 0 stays 65535. */
  private static long fold(long sum) {
    long folded = sum;
    while (folded > 0xffff) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return folded;
  }
}
