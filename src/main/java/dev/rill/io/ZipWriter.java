package dev.rill.io;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import dev.rill.tensor.UnsupportedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes a zip of stored members: the same content gives the same bytes, whenever and wherever. It is written beside
 * its target and put in place by {@link #commit()}.
 */
public final class ZipWriter implements ByteSink, Closeable {
  private static final long MAX_SIZE = 0xffff_fffeL;
  private static final int MAX_MEMBERS = 0xfffe;
  private static final int VERSION = 20;
  private static final int UNIX = 3 << 8;
  /** A file that its owner reads and writes and others read. */
  private static final int REGULAR = 0100644 << 16;
  /** 1 January 1980, the first day that a zip can name. */
  private static final int DATE = 1 << 5 | 1;
  private static final int CRC_FIELD = 14;

  private final AtomicFile file;
  private final Map<String, ZipMember> members = new LinkedHashMap<>();
  private final CRC32 crc = new CRC32();
  private String name;
  private long header;

  private ZipWriter(AtomicFile file) {
    this.file = file;
  }

  /**
   * Begins an archive.
   *
   * @param target where it will be
   * @return the archive, to be committed and closed
   * @throws IOException if nothing can be created beside the target
   */
  public static ZipWriter create(Path target) throws IOException {
    return new ZipWriter(AtomicFile.create(target));
  }

  /**
   * Begins a member; what is written from now on is its content.
   *
   * @param member path inside the archive, with forward slashes
   * @throws RillException if there is such a member already
   * @throws IOException if writing fails
   */
  public void begin(String member) throws IOException {
    if (members.containsKey(Require.given(member, "the name of a member")) || member.equals(name)) {
      throw new RillException("the archive has a member " + member + " already");
    }
    finish();
    byte[] bytes = member.getBytes(StandardCharsets.UTF_8);
    if (members.size() == MAX_MEMBERS || bytes.length > 0xffff) {
      throw new UnsupportedException("a zip has at most " + MAX_MEMBERS + " members with names of at most 65535 bytes");
    }
    name = member;
    header = file.size();
    crc.reset();
    ByteBuffer local = buffer(ZipLocal.HEADER_SIZE + bytes.length).putInt(ZipLocal.HEADER).putShort((short) VERSION);
    fields(local, new ZipMember(member, flags(bytes), ZipMember.STORED, 0, 0, 0, header));
    file.write(local.putShort((short) bytes.length).putShort((short) 0).put(bytes).flip());
  }

  /**
   * Appends to the member begun last.
   *
   * @param bytes from their position to their limit, all of which is written
   * @throws IOException if writing fails
   */
  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (name == null) {
      throw new StateException("no member has been begun that these bytes could belong to");
    }
    crc.update(bytes.duplicate());
    file.write(bytes);
  }

  /**
   * Writes the directory and puts the archive in its place.
   *
   * @throws UnsupportedException if it is larger than 4 GB
   * @throws IOException if the disk does not take it; the target is as it was then
   */
  public void commit() throws IOException {
    finish();
    long start = file.size();
    for (ZipMember member : members.values()) {
      byte[] bytes = member.name().getBytes(StandardCharsets.UTF_8);
      ByteBuffer entry = buffer(46 + bytes.length).putInt(ZipDirectory.ENTRY);
      entry.putShort((short) (UNIX | VERSION)).putShort((short) VERSION);
      fields(entry, member);
      // No extra field, no comment, disk 0, no internal attributes.
      entry.putShort((short) bytes.length).putLong(0).putInt(REGULAR).putInt((int) member.header());
      file.write(entry.put(bytes).flip());
    }
    long end = requireSize(file.size());
    ByteBuffer record = buffer(22).putInt(ZipDirectory.END).putInt(0);
    record.putShort((short) members.size()).putShort((short) members.size());
    file.write(record.putInt((int) (end - start)).putInt((int) start).putShort((short) 0).flip());
    file.commit();
  }

  /** Drops the archive unless it has been committed. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  private void finish() throws IOException {
    if (name == null) {
      return;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    long size = requireSize(file.size()) - header - ZipLocal.HEADER_SIZE - bytes.length;
    ZipMember member = new ZipMember(name, flags(bytes), ZipMember.STORED, (int) crc.getValue(), size, size, header);
    file.overwrite(header + CRC_FIELD, buffer(12).putInt(member.crc()).putInt((int) size).putInt((int) size).flip());
    members.put(name, member);
    name = null;
  }

  private long requireSize(long size) {
    if (size > MAX_SIZE) {
      throw new UnsupportedException("a zip of more than 4 GB is not written: " + name);
    }
    return size;
  }

  /** The fields that both headers have in the same order. */
  private static void fields(ByteBuffer target, ZipMember member) {
    target.putShort((short) member.flags()).putShort((short) member.method());
    target.putShort((short) 0).putShort((short) DATE);
    target.putInt(member.crc()).putInt((int) member.packed()).putInt((int) member.size());
  }

  private static int flags(byte[] name) {
    for (byte b : name) {
      if (b < 0) {
        return ZipMember.UTF8;
      }
    }
    return 0;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the file that is written. */
  @Override
  public String toString() {
    return file + ", " + members.size() + " members";
  }
}
