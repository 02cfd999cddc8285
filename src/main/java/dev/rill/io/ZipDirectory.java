package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads the central directory of a zip and holds every local header against it. */
final class ZipDirectory {
  static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int END64 = 0x06064b50;
  private static final int END64_SIZE = 56;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_SIZE = 20;
  static final int ENTRY = 0x02014b50;
  private static final int ENTRY_SIZE = 46;
  private static final int MAX_COMMENT = 0xffff;
  private static final int MAX_MEMBERS = 0xffff;
  private static final int MAX_DIRECTORY = 16 << 20;

  private final ByteSource source;
  private final String place;

  ZipDirectory(ByteSource source, String place) {
    this.source = source;
    this.place = place;
  }

  /**
   * Reads all members.
   *
   * @param packed receives the packed bytes of each
   */
  Map<String, ZipMember> read(Map<String, ByteSource> packed) throws IOException {
    long end = findEnd();
    ByteBuffer record = source.read(end, END_SIZE);
    long count = record.getShort(10) & 0xffff;
    long size = record.getInt(12) & 0xffff_ffffL;
    long start = record.getInt(16) & 0xffff_ffffL;
    if (record.getShort(4) != 0 && record.getShort(4) != -1 || record.getShort(8) != record.getShort(10)) {
      throw new UnsupportedException(place + ": a zip in several volumes is not read");
    }
    if (count == 0xffff || size == 0xffff_ffffL || start == 0xffff_ffffL) {
      end = findEnd64(end);
      ByteBuffer record64 = source.read(end, END64_SIZE);
      if (record64.getLong(4) != END64_SIZE - 12 || record64.getLong(24) != record64.getLong(32)) {
        throw bad(end, "the zip64 end record has an unknown form");
      }
      count = record64.getLong(32);
      size = record64.getLong(40);
      start = record64.getLong(48);
    }
    if (start < 0 || size < 0 || start > end || size != end - start) {
      throw bad(end, "the central directory should lie right before this end record, but has " + size + " bytes from "
          + start + ": the file is truncated, or something stands in front of the archive");
    }
    if (count < 0 || count > MAX_MEMBERS || size > MAX_DIRECTORY) {
      throw new UnsupportedException(place + ": a zip of " + count + " members with a directory of " + size
          + " bytes; at most " + MAX_MEMBERS + " members and " + MAX_DIRECTORY + " bytes are read");
    }
    Map<String, ZipMember> members = entries(start, (int) size, (int) count);
    locate(members, start, packed);
    return members;
  }

  /** The end record: the last thing in the file, its comment reaching exactly to the end. */
  private long findEnd() throws IOException {
    long size = source.size();
    int tail = (int) Math.min(size, END_SIZE + MAX_COMMENT);
    ByteBuffer bytes = source.read(size - tail, tail);
    for (int at = tail - END_SIZE; at >= 0; at--) {
      if (bytes.getInt(at) == END && (bytes.getShort(at + 20) & 0xffff) == tail - END_SIZE - at) {
        return size - tail + at;
      }
    }
    throw new FormatException(place + ": expected a zip archive, found " + size
        + " bytes without a zip's end record: the file is truncated or something else");
  }

  private long findEnd64(long end) throws IOException {
    long locator = end - LOCATOR_SIZE;
    if (locator < 0 || source.read(locator, 4).getInt() != LOCATOR) {
      throw bad(end, "the end record refers to a zip64 locator, which is not there");
    }
    long end64 = source.read(locator, LOCATOR_SIZE).getLong(8);
    if (end64 != locator - END64_SIZE || end64 < 0 || source.read(end64, 4).getInt() != END64) {
      throw bad(locator, "the zip64 locator does not lead to a zip64 end record right before it");
    }
    return end64;
  }

  private Map<String, ZipMember> entries(long start, int size, int count) throws IOException {
    ByteBuffer directory = source.read(start, size);
    Map<String, ZipMember> members = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long at = start + directory.position();
      if (directory.remaining() < ENTRY_SIZE || directory.getInt(directory.position()) != ENTRY) {
        throw bad(at, "expected entry " + i + " of " + count + " of the central directory");
      }
      ZipMember member = entry(directory, at);
      if (members.put(member.name(), member) != null) {
        throw bad(at, "the member " + member.name() + " stands twice in the archive");
      }
    }
    if (directory.hasRemaining()) {
      throw bad(start + directory.position(), "the central directory goes on after its " + count + " entries");
    }
    return members;
  }

  private ZipMember entry(ByteBuffer directory, long at) {
    ByteBuffer fixed = directory.slice(directory.position(), ENTRY_SIZE).order(directory.order());
    int nameLength = fixed.getShort(28) & 0xffff;
    int extraLength = fixed.getShort(30) & 0xffff;
    int commentLength = fixed.getShort(32) & 0xffff;
    directory.position(directory.position() + ENTRY_SIZE);
    if (nameLength + extraLength + commentLength > directory.remaining()) {
      throw bad(at, "an entry of the central directory reaches past its end");
    }
    byte[] name = new byte[nameLength];
    directory.get(name);
    ByteBuffer fields = directory.slice(directory.position(), extraLength).order(directory.order());
    ZipExtra extra = new ZipExtra(fields, place, at);
    directory.position(directory.position() + extraLength + commentLength);
    long size = extra.size(fixed.getInt(24));
    long packed = extra.size(fixed.getInt(20));
    long header = extra.size(fixed.getInt(42));
    int flags = fixed.getShort(8) & 0xffff;
    int method = fixed.getShort(10) & 0xffff;
    String path = ZipLocal.name(name, place, at);
    return checked(new ZipMember(path, flags, method, fixed.getInt(16), packed, size, header), at);
  }

  private ZipMember checked(ZipMember member, long at) {
    int known = ZipMember.EFFORT | ZipMember.DESCRIPTOR | ZipMember.UTF8;
    if ((member.flags() & ZipMember.ENCRYPTED) != 0) {
      throw new UnsupportedException(place + '!' + member.name() + ": encrypted members are not read");
    }
    if ((member.flags() & ~known) != 0) {
      throw new UnsupportedException(place + '!' + member.name() + ": unknown flags " + member.flags());
    }
    if (member.method() != ZipMember.STORED && member.method() != ZipMember.DEFLATED) {
      throw new UnsupportedException(place + '!' + member.name() + ": compression method " + member.method()
          + " is not read, only 0 (stored) and 8 (deflated)");
    }
    if (member.method() == ZipMember.STORED && member.packed() != member.size()) {
      throw bad(at, "the stored member " + member.name() + " has two sizes, " + member.packed() + " and "
          + member.size());
    }
    return member;
  }

  /** Checks that the members, taken by position, neither overlap nor reach into the directory. */
  private void locate(Map<String, ZipMember> members, long directory, Map<String, ByteSource> packed)
      throws IOException {
    TreeMap<Long, ZipMember> byPosition = new TreeMap<>();
    for (ZipMember member : members.values()) {
      ZipMember other = byPosition.put(member.header(), member);
      if (other != null) {
        throw bad(member.header(), "the members " + other.name() + " and " + member.name() + " overlap");
      }
    }
    long free = 0;
    for (ZipMember member : byPosition.values()) {
      if (member.header() < free) {
        throw bad(member.header(), "the member " + member.name() + " overlaps the one before it");
      }
      ZipLocal local = new ZipLocal(source, place, member, directory);
      packed.put(member.name(), source.slice(local.data(), member.packed()));
      free = local.end();
    }
  }

  private FormatException bad(long at, String message) {
    return new FormatException(place + " at offset " + Long.toUnsignedString(at) + ": " + message);
  }
}
