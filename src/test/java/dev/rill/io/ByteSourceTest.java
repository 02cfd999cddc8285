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
import java.util.Random;
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
    assertThrows(FormatException.class, () -> HeapRoom.elements(new int[] {1 << 20, 1 << 20, 1 << 30}, "a weight"));
    assertThrows(FormatException.class, () -> HeapRoom.elements(new int[] {-1}, "a weight"));
    assertEquals(0, HeapRoom.elements(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 0}, "a weight"));
    assertEquals(1, HeapRoom.elements(new int[0], "a weight"));
  }

  @Test
  void foldersPipesAndDevicesAreRefused() throws IOException, InterruptedException {
    String message = assertThrows(FileSystemException.class, () -> ByteSource.open(directory)).getMessage();
    assertEquals(directory + ": expected a file, found a folder", message);
    assertThrows(FileSystemException.class, () -> ByteSource.open(Path.of("/")));
    for (Path other : List.of(pipe(directory), Path.of("/dev/zero"))) {
      if (Files.exists(other)) {
        message = assertThrows(FileSystemException.class, () -> ByteSource.open(other)).getMessage();
        assertTrue(message.contains("expected a file, found a pipe or a device"), message);
      }
    }
  }

  /** A named pipe, where the system has them. */
  static Path pipe(Path directory) throws IOException, InterruptedException {
    Path pipe = directory.resolve("pipe");
    try {
      new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    } catch (IOException e) {
      // There is none.
    }
    return pipe;
  }

  @Test
  void interruptsNeitherStopAReadNorGetLost() throws Exception {
    byte[] bytes = new byte[1 << 20];
    new Random(1).nextBytes(bytes);
    Path path = Files.write(directory.resolve("large"), bytes);
    try (ByteSource source = ByteSource.open(path)) {
      Interrupts.during(() -> assertArrayEquals(bytes, source.read(0, bytes.length).array()));
      Thread.currentThread().interrupt();
      assertArrayEquals(bytes, source.read(0, bytes.length).array());
      assertTrue(Thread.interrupted());
      // Others read on, whoever is interrupted.
      Thread other = new Thread(() -> Interrupts.during(() -> source.read(0, bytes.length)));
      other.start();
      for (int i = 0; i < 100 || other.isAlive(); i++) {
        assertArrayEquals(bytes, source.read(0, bytes.length).array());
      }
    }
  }
}
