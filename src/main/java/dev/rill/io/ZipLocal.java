package dev.rill.io;

import dev.rill.tensor.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** A member's local header, which must say what the central directory says, and where its data lies. */
final class ZipLocal {
  static final int HEADER = 0x04034b50;
  static final int HEADER_SIZE = 30;
  private static final int DESCRIPTOR = 0x08074b50;

  private final ByteSource source;
  private final String place;
  private final ZipMember member;
  private final long data;
  private final long end;

  /** Reads the header of a member, which must end, data and all, before the limit. */
  ZipLocal(ByteSource source, String place, ZipMember member, long limit) throws IOException {
    this.source = source;
    this.place = place;
    this.member = member;
    if (member.header() > limit - HEADER_SIZE) {
      throw bad("expected a local header here, before the central directory");
    }
    ByteBuffer fixed = source.read(member.header(), HEADER_SIZE);
    int nameLength = fixed.getShort(26) & 0xffff;
    int extraLength = fixed.getShort(28) & 0xffff;
    this.data = member.header() + HEADER_SIZE + nameLength + extraLength;
    if (fixed.getInt(0) != HEADER || data > limit || member.packed() > limit - data) {
      throw bad("expected a local header and " + member.packed() + " bytes of data before the central directory");
    }
    ByteBuffer variable = source.read(member.header() + HEADER_SIZE, nameLength + extraLength);
    byte[] name = new byte[nameLength];
    variable.get(name);
    boolean same = name(name, place, member.header()).equals(member.name())
        && (fixed.getShort(6) & 0xffff) == member.flags() && (fixed.getShort(8) & 0xffff) == member.method();
    boolean late = (member.flags() & ZipMember.DESCRIPTOR) != 0;
    if (same && !(late && fixed.getInt(14) == 0)) {
      ZipExtra extra = new ZipExtra(variable.slice().order(variable.order()), place, member.header());
      same = fixed.getInt(14) == member.crc() && extra.size(fixed.getInt(22)) == member.size()
          && extra.size(fixed.getInt(18)) == member.packed();
    }
    if (!same) {
      throw bad("the local header does not agree with the central directory");
    }
    this.end = late ? descriptorEnd(limit) : data + member.packed();
  }

  /** Where the packed bytes begin. */
  long data() {
    return data;
  }

  /** Where the next member may begin. */
  long end() {
    return end;
  }

  /** A member's name: UTF-8 whatever the flags say, no control characters. */
  static String name(byte[] bytes, String place, long at) {
    try {
      String name = Utf8.decode(bytes, 0, bytes.length);
      for (int i = 0; i < name.length(); i++) {
        if (Character.isISOControl(name.charAt(i))) {
          throw new FormatException(place + " at offset " + at + ": a member's name contains a control character");
        }
      }
      return name;
    } catch (CharacterCodingException e) {
      throw new FormatException(place + " at offset " + at + ": a member's name is not UTF-8");
    }
  }

  /** A data descriptor comes with or without a signature, with sizes of 4 or 8 bytes: one form must agree. */
  private long descriptorEnd(long limit) throws IOException {
    long at = data + member.packed();
    ByteBuffer bytes = source.read(at, (int) Math.min(24, limit - at));
    for (int start = 0; start <= 4; start += 4) {
      boolean signed = start == 0 || bytes.remaining() >= 4 && bytes.getInt(0) == DESCRIPTOR;
      if (signed && bytes.remaining() >= start + 12 && bytes.getInt(start) == member.crc()) {
        if ((bytes.getInt(start + 4) & 0xffff_ffffL) == member.packed()
            && (bytes.getInt(start + 8) & 0xffff_ffffL) == member.size()) {
          return at + start + 12;
        }
        if (bytes.remaining() >= start + 20 && bytes.getLong(start + 4) == member.packed()
            && bytes.getLong(start + 12) == member.size()) {
          return at + start + 20;
        }
      }
    }
    throw bad("the data descriptor after " + member.name() + " does not agree with the central directory");
  }

  private FormatException bad(String message) {
    return new FormatException(place + '!' + member.name() + " at offset " + member.header() + ": " + message);
  }
}
