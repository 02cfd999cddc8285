package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteSourceTest {
  private static final byte[] BYTES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

  @TempDir
  private Path directory;

  private Path file() throws IOException {
    return Files.write(directory.resolve("bytes"), BYTES);
  }

  @Test
  void fileMemoryAndChunksReadAlike() throws IOException {
    byte[] first = new byte[ChunkedBytes.CHUNK];
    System.arraycopy(BYTES, 0, first, first.length - 4, 4);
    ByteSource chunks = new ChunkedBytes(List.of(first, Arrays.copyOfRange(BYTES, 4, 10)), first.length + 6);
    try (ByteSource file = ByteSource.open(file())) {
      for (ByteSource source : List.of(file, ByteSource.of(BYTES), chunks.slice(first.length - 4, 10))) {
        assertEquals(10, source.size());
        assertArrayEquals(new byte[] {2, 3, 4, 5, 6}, source.read(2, 5).array());
        assertArrayEquals(new byte[] {4, 5}, source.slice(1, 6).slice(2, 3).read(1, 2).array());
        assertEquals(0x06050403, source.read(3, 4).getInt());
        assertEquals(0, source.read(10, 0).remaining());
      }
    }
  }

  @Test
  void readingPastTheEndIsRefused() throws IOException {
    try (ByteSource file = ByteSource.open(file())) {
      for (ByteSource source : List.of(file, ByteSource.of(BYTES), ByteSource.of(new byte[12]).slice(1, 10))) {
        assertThrows(FormatException.class, () -> source.read(8, 3));
        assertThrows(FormatException.class, () -> source.read(-1, 1));
        assertThrows(FormatException.class, () -> source.read(Long.MAX_VALUE, Integer.MAX_VALUE));
        assertThrows(FormatException.class, () -> source.read(0, ByteBuffer.allocate(11)));
        assertThrows(FormatException.class, () -> source.slice(5, Long.MAX_VALUE));
      }
    }
  }

  @Test
  void fileCutShortMeanwhileIsAnException() throws IOException {
    Path path = file();
    try (ByteSource source = ByteSource.open(path)) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(5);
      }
      String message = assertThrows(EOFException.class, () -> source.read(0, 10)).getMessage();
      assertTrue(message.contains("ends before byte 5"), message);
    }
  }

  @Test
  void arraysLargerThanTheHeapAreRefused() {
    String message = assertThrows(FormatException.class, () -> HeapRoom.bytes(1L << 40, "a weight")).getMessage();
    assertTrue(message.startsWith("a weight needs"), message);
    assertThrows(FormatException.class, () -> HeapRoom.elements(new int[] {1 << 20, 1 << 20, 1 << 30}, "a weight"));
    assertThrows(FormatException.class, () -> HeapRoom.elements(new int[] {-1}, "a weight"));
    assertEquals(0, HeapRoom.elements(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 0}, "a weight"));
    assertEquals(1, HeapRoom.elements(new int[0], "a weight"));
  }

  @Test
  void atomicFileAppearsWholeOrNotAtAll() throws IOException {
    Path target = file();
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(ByteBuffer.wrap(new byte[] {42}));
    }
    assertArrayEquals(BYTES, Files.readAllBytes(target));
    try (AtomicFile file = AtomicFile.create(target)) {
      file.write(ByteBuffer.wrap(new byte[] {42, 43}));
      file.overwrite(0, ByteBuffer.wrap(new byte[] {41}));
      assertArrayEquals(BYTES, Files.readAllBytes(target));
      file.commit();
    }
    assertArrayEquals(new byte[] {41, 43}, Files.readAllBytes(target));
    try (var left = Files.list(directory)) {
      assertEquals(List.of(target), left.toList());
    }
  }

  @Test
  void atomicFileFollowsLinksAndRefusesDirectories() throws IOException {
    Path target = file();
    Path link = Files.createSymbolicLink(directory.resolve("link"), target);
    try (AtomicFile file = AtomicFile.create(link)) {
      file.commit();
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(0, Files.size(target));
    assertThrows(FileSystemException.class, () -> AtomicFile.create(directory));
  }
}
