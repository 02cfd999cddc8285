package dev.rill.io;

/**
 * One entry of a zip's central directory.
 *
 * @param name path inside the archive
 * @param flags general purpose bit flag
 * @param method 0 stored, 8 deflated
 * @param crc CRC-32 of the content
 * @param packed bytes in the archive
 * @param size bytes of the content
 * @param header position of the local header
 */
record ZipMember(String name, int flags, int method, int crc, long packed, long size, long header) {
  static final int STORED = 0;
  static final int DEFLATED = 8;
  static final int ENCRYPTED = 1;
  static final int DESCRIPTOR = 1 << 3;
  static final int UTF8 = 1 << 11;
  /** The two bits in which a compressor says how hard it tried. */
  static final int EFFORT = 3 << 1;
}
