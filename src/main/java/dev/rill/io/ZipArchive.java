package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A zip file: members that are stored or deflated, each checked against its CRC-32 before it is handed out.
 *
 * <p>Opening reads the central directory and every local header. Refused are duplicate, overlapping and encrypted
 * members, headers that contradict each other, and bytes in front of the archive.
 */
public final class ZipArchive implements Closeable {
  /** Deflate cannot make anything larger than this many times its packed size. */
  private static final int MAX_RATIO = 1032;
  private static final int BLOCK = 1 << 20;

  private final ByteSource source;
  private final String place;
  private final Map<String, ByteSource> packed = new LinkedHashMap<>();
  private final Map<String, ZipMember> members;

  private ZipArchive(ByteSource source, String place) throws IOException {
    this.source = Require.given(source, "the bytes of an archive");
    this.place = place;
    this.members = new ZipDirectory(source, place).read(packed);
  }

  /**
   * Opens an archive.
   *
   * @param file to read
   * @return the archive, to be closed
   * @throws FormatException if it is damaged or hostile
   * @throws UnsupportedException if it is encrypted, or compressed by another method than deflate
   * @throws IOException if reading fails
   */
  public static ZipArchive open(Path file) throws IOException {
    ByteSource source = ByteSource.open(file);
    try {
      return open(source, file.toString());
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * Opens an archive.
   *
   * @param source its bytes, which closing the archive closes
   * @param place what messages call it
   * @return the archive
   * @throws FormatException if it is damaged or hostile
   * @throws UnsupportedException if it is encrypted, or compressed by another method than deflate
   * @throws IOException if reading fails
   */
  public static ZipArchive open(ByteSource source, String place) throws IOException {
    return new ZipArchive(source, place);
  }

  /**
   * The names of the members in the order of the central directory.
   *
   * @return an unmodifiable set
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  /**
   * Whether there is such a member.
   *
   * @param name path inside the archive
   * @return true if it is there
   */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /**
   * What messages call a member.
   *
   * @param name path inside the archive
   * @return the archive's name, an exclamation mark, the member's name
   */
  public String place(String name) {
    return place + '!' + name;
  }

  /**
   * The content of a member, its CRC-32 verified. A stored member is read once and stays in the file; a deflated one is
   * held in memory, which grows with what is really there.
   *
   * @param name path inside the archive
   * @return its bytes, readable until the archive is closed
   * @throws FormatException if there is no such member, or its content is not what its header says
   * @throws RillException if the heap is too small for what is deflated
   * @throws IOException if reading fails
   */
  public ByteSource source(String name) throws IOException {
    ZipMember member = member(name);
    return checked(member, member.method() == ZipMember.DEFLATED ? inflater(member).chunks() : packed.get(name));
  }

  /**
   * The content of a small member, its CRC-32 verified.
   *
   * @param name path inside the archive
   * @param limit the most bytes that make sense; a larger member is refused before anything is read
   * @return a new array
   * @throws FormatException if there is no such member, it is larger, or its content is not what its header says
   * @throws RillException if the heap is too small for it
   * @throws IOException if reading fails
   */
  public byte[] bytes(String name, int limit) throws IOException {
    ZipMember member = member(name);
    if (member.size() > limit) {
      throw new FormatException(place(name) + ": expected at most " + limit + " bytes, found " + member.size());
    }
    byte[] bytes = member.method() == ZipMember.DEFLATED ? inflater(member).whole()
        : packed.get(name).read(0, (int) member.size()).array();
    checked(member, ByteSource.of(bytes));
    return bytes;
  }

  /**
   * A member that is a JSON object, its CRC-32 verified.
   *
   * @param name path inside the archive
   * @return the object, which knows its place
   * @throws FormatException if there is no such member, its content is not what its header says, or no such object
   * @throws RillException if the heap is too small for it
   * @throws IOException if reading fails
   */
  public JsonObject json(String name) throws IOException {
    Json.requireSize(member(name).size(), place(name));
    return Json.parseObject(bytes(name, Json.MAX_BYTES), place(name));
  }

  private ZipMember member(String name) {
    ZipMember member = members.get(name);
    if (member == null) {
      throw new FormatException(place(name) + ": there is no such member, only " + members.keySet());
    }
    return member;
  }

  private ZipInflater inflater(ZipMember member) {
    if (member.size() / MAX_RATIO > member.packed()) {
      throw new FormatException(place(member.name()) + ": " + member.packed() + " bytes cannot be the deflated form of "
          + member.size());
    }
    return new ZipInflater(packed.get(member.name()), member, place(member.name()));
  }

  private ByteSource checked(ZipMember member, ByteSource bytes) throws IOException {
    int crc = crc(bytes);
    if (crc != member.crc()) {
      throw new FormatException(place(member.name()) + ": expected the CRC-32 " + Integer.toHexString(member.crc()) + ", found "
          + Integer.toHexString(crc) + ": the file is damaged, get it again");
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private static int crc(ByteSource bytes) throws IOException {
    CRC32 crc = new CRC32();
    long size = bytes.size();
    // Straight from the file into memory outside the heap, which the CRC reads in place.
    ByteBuffer block = size < BLOCK ? ByteBuffer.allocate((int) size) : ByteBuffer.allocateDirect(BLOCK);
    for (long at = 0; at < size; at += block.limit()) {
      block.clear().limit((int) Math.min(block.capacity(), size - at));
      bytes.read(at, block);
      crc.update(block.flip());
    }
    return (int) crc.getValue();
  }

  /** Returns the place and its members. */
  @Override
  public String toString() {
    return place + ": " + names();
  }
}
