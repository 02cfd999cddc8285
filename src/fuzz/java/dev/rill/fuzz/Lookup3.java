package dev.rill.fuzz;

/** The check sum of HDF5's structures: Bob Jenkins' lookup3, {@code hashlittle} with 0 to start from. */
final class Lookup3 {
  private Lookup3() {}

  static int hash(byte[] k, int at, int length) {
    int a = 0xdeadbeef + length;
    int b = a;
    int c = a;
    int left = length;
    for (; left > 12; left -= 12, at += 12) {
      a += word(k, at, 4);
      b += word(k, at + 4, 4);
      c += word(k, at + 8, 4);
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
    }
    if (left == 0) {
      return c;
    }
    a += word(k, at, Math.min(4, left));
    b += word(k, at + 4, Math.max(0, Math.min(4, left - 4)));
    c += word(k, at + 8, Math.max(0, left - 8));
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  private static int word(byte[] k, int at, int count) {
    int word = 0;
    for (int i = 0; i < count; i++) {
      word |= (k[at + i] & 0xff) << 8 * i;
    }
    return word;
  }
}
