package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipArchiveTest {
  private static final byte[] HELLO = "hello, hello, hello".getBytes(StandardCharsets.US_ASCII);
  private static final int CENTRAL = 0x02014b50;

  @TempDir
  private Path directory;

  private static ZipArchive open(byte[] bytes) throws IOException {
    return ZipArchive.open(ByteSource.of(bytes), "test.zip");
  }

  private byte[] stored(String... names) throws IOException {
    Path file = directory.resolve("stored.zip");
    try (ZipWriter writer = ZipWriter.create(file)) {
      for (String name : names) {
        writer.begin(name);
        writer.write(ByteBuffer.wrap(HELLO));
      }
      writer.commit();
    }
    return Files.readAllBytes(file);
  }

  /** As java.util.zip writes it: deflated, with data descriptors. */
  private static byte[] deflated(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      zip.putNextEntry(new ZipEntry("a"));
      zip.write(content);
      zip.putNextEntry(new ZipEntry("b"));
      zip.write(content);
    }
    return bytes.toByteArray();
  }

  private static ByteBuffer edit(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int find(byte[] bytes, int signature) {
    for (int at = 0; ; at++) {
      if (edit(bytes).getInt(at) == signature) {
        return at;
      }
    }
  }

  private static void refused(byte[] bytes, String part) {
    RillException refusal = assertThrows(RillException.class, () -> {
      try (ZipArchive archive = open(bytes)) {
        for (String name : archive.names()) {
          archive.source(name);
        }
      }
    });
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }

  @Test
  void storedMembersAreReadFromTheFile() throws IOException {
    try (ZipArchive archive = open(stored("x", "dir/\u00fc"))) {
      assertEquals(List.of("x", "dir/\u00fc"), List.copyOf(archive.names()));
      assertArrayEquals(HELLO, archive.bytes("dir/\u00fc", 100));
      assertTrue(archive.source("x") instanceof SliceBytes);
      assertThrows(FormatException.class, () -> archive.bytes("x", HELLO.length - 1));
      assertThrows(FormatException.class, () -> archive.bytes("y", 100));
    }
  }

  @Test
  void deflatedMembersWithDataDescriptorsAreRead() throws IOException {
    byte[] content = new byte[ChunkedBytes.CHUNK * 2 + 5];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * i >> 5);
    }
    for (byte[] each : List.of(content, HELLO, new byte[0], Arrays.copyOf(content, ChunkedBytes.CHUNK))) {
      try (ZipArchive archive = open(deflated(each))) {
        assertArrayEquals(each, archive.bytes("a", content.length));
        assertArrayEquals(each, archive.bytes("b", content.length));
      }
    }
  }

  @Test
  void otherZipReadersReadWhatIsWritten() throws IOException {
    Path file = Files.write(directory.resolve("a.zip"), stored("x", "dir/\u00fc"));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(2, zip.size());
      assertArrayEquals(HELLO, zip.getInputStream(zip.getEntry("dir/\u00fc")).readAllBytes());
      assertEquals(ZipEntry.STORED, zip.getEntry("x").getMethod());
    }
  }

  @Test
  void writerRefusesANameTwice() throws IOException {
    try (ZipWriter writer = ZipWriter.create(directory.resolve("a.zip"))) {
      writer.begin("x");
      assertThrows(RillException.class, () -> writer.begin("x"));
    }
  }

  @Test
  void damagedContentIsRefused() throws IOException {
    byte[] bytes = stored("x");
    bytes[31 + 3] ^= 1;
    refused(bytes, "test.zip!x: expected the CRC-32");
    byte[] packed = deflated(HELLO);
    packed[34] ^= 1;
    refused(packed, "test.zip!a");
  }

  @Test
  void duplicateNamesAreRefused() throws IOException {
    byte[] bytes = stored("x", "y");
    int first = find(bytes, CENTRAL);
    bytes[first + 47 + 46] = 'x';
    refused(bytes, "the member x stands twice");
  }

  @Test
  void overlappingMembersAreRefused() throws IOException {
    byte[] bytes = stored("x", "y");
    edit(bytes).putInt(find(bytes, CENTRAL) + 47 + 42, 0);
    refused(bytes, "overlap");
    byte[] longer = stored("x", "y");
    for (int at : new int[] {18, 22, find(longer, CENTRAL) + 20, find(longer, CENTRAL) + 24}) {
      edit(longer).putInt(at, HELLO.length + 1);
    }
    refused(longer, "overlaps the one before");
  }

  @Test
  void encryptedMembersAndOtherMethodsAreRefused() throws IOException {
    byte[] bytes = stored("x");
    int entry = find(bytes, CENTRAL);
    edit(bytes).putShort(entry + 8, (short) 1);
    assertThrows(UnsupportedException.class, () -> open(bytes));
    edit(bytes).putShort(entry + 8, (short) 0).putShort(entry + 10, (short) 12);
    assertThrows(UnsupportedException.class, () -> open(bytes));
    edit(bytes).putShort(entry + 8, (short) (1 << 13)).putShort(entry + 10, (short) 0);
    assertThrows(UnsupportedException.class, () -> open(bytes));
  }

  @Test
  void headersThatContradictEachOtherAreRefused() throws IOException {
    byte[] whole = stored("x");
    // Signature, flags, method, CRC-32, sizes, length of the name, name.
    for (int at : new int[] {0, 6, 8, 14, 18, 22, 26, 30}) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 2;
      assertThrows(FormatException.class, () -> open(bytes), "offset " + at);
    }
    byte[] descriptor = deflated(HELLO);
    descriptor[find(descriptor, 0x08074b50) + 4] ^= 1;
    refused(descriptor, "data descriptor");
  }

  @Test
  void somethingInFrontOrBehindIsRefused() throws IOException {
    byte[] bytes = stored("x");
    byte[] shifted = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, shifted, 1, bytes.length);
    refused(shifted, "right before this end record");
    refused(Arrays.copyOf(bytes, bytes.length + 1), "without a zip's end record");
  }

  @Test
  void truncationAnywhereIsRefused() throws IOException {
    byte[] bytes = stored("x", "y");
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(FormatException.class, () -> open(cut));
    }
  }

  @Test
  void bombsAreRefused() throws IOException {
    byte[] bytes = deflated(new byte[1 << 20]);
    int entry = find(bytes, CENTRAL);
    // Descriptor and directory agree on a size, which is larger than what comes out, or than can.
    for (int size : new int[] {(1 << 20) - 1, (1 << 20) + 1, Integer.MAX_VALUE}) {
      byte[] lying = bytes.clone();
      edit(lying).putInt(entry + 24, size).putInt(find(lying, 0x08074b50) + 12, size);
      refused(lying, "test.zip!a: ");
    }
  }

  @Test
  void zip64SizesAreRead() throws IOException {
    // numpy leaves the sizes of a local header to zip64; a whole zip64 archive has them in the directory and its end.
    byte[] local = zip64();
    try (ZipArchive archive = open(local)) {
      assertArrayEquals(HELLO, archive.bytes("x", 100));
    }
    byte[] missing = zip64();
    edit(missing).putShort(31, (short) 2);
    refused(missing, "zip64");
    byte[] negative = zip64();
    edit(negative).putLong(35, Long.MIN_VALUE);
    refused(negative, "beyond 2^63");
  }

  private static byte[] zip64() {
    CRC32 crc = new CRC32();
    crc.update(HELLO);
    ByteBuffer zip = ByteBuffer.allocate(300).order(ByteOrder.LITTLE_ENDIAN);
    zip.putInt(0x04034b50).putShort((short) 45).putInt(0).putInt(0).putInt((int) crc.getValue()).putInt(-1).putInt(-1);
    zip.putShort((short) 1).putShort((short) 20).put((byte) 'x');
    zip.putShort((short) 1).putShort((short) 16).putLong(HELLO.length).putLong(HELLO.length).put(HELLO);
    int start = zip.position();
    zip.putInt(CENTRAL).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0).putInt((int) crc.getValue());
    zip.putInt(-1).putInt(-1).putShort((short) 1).putShort((short) 28).putShort((short) 0).putLong(0).putInt(-1);
    zip.put((byte) 'x').putShort((short) 1).putShort((short) 24).putLong(HELLO.length).putLong(HELLO.length).putLong(0);
    int end = zip.position();
    zip.putInt(0x06064b50).putLong(44).putInt(45).putInt(0).putInt(0).putLong(1).putLong(1);
    zip.putLong(end - start).putLong(start).putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    zip.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
    return Arrays.copyOf(zip.array(), zip.position());
  }
}
