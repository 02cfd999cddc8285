package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.nio.ByteBuffer;

/** The zip64 sizes among the extra fields of a header: they stand in for 32-bit fields that are all ones, in turn. */
final class ZipExtra {
  private static final int ZIP64 = 1;
  private static final int ELSEWHERE = -1;

  private final String place;
  private final long at;
  private final ByteBuffer sizes;

  ZipExtra(ByteBuffer fields, String place, long at) {
    this.place = place;
    this.at = at;
    this.sizes = find(fields);
  }

  /** The value of the header's next 32-bit field that zip64 may have moved here. */
  long size(int field) {
    if (field != ELSEWHERE) {
      return field & 0xffff_ffffL;
    }
    if (sizes.remaining() < Long.BYTES) {
      throw bad("a size is left to a zip64 field, which is not there");
    }
    long size = sizes.getLong();
    if (size < 0) {
      throw bad("a zip64 size is beyond 2^63");
    }
    return size;
  }

  private ByteBuffer find(ByteBuffer fields) {
    ByteBuffer found = fields.slice(0, 0);
    while (fields.remaining() >= 4) {
      int id = fields.getShort() & 0xffff;
      int length = fields.getShort() & 0xffff;
      if (length > fields.remaining()) {
        throw bad("an extra field reaches past its header");
      }
      if (id == ZIP64) {
        found = fields.slice(fields.position(), length).order(fields.order());
      }
      fields.position(fields.position() + length);
    }
    return found;
  }

  private FormatException bad(String message) {
    return new FormatException(place + " at offset " + at + ": " + message);
  }
}
