package dev.rill.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a checkpoint: its bytes, damaged ones, hostile ones. */
class CheckpointFileTest {
  private static final List<String> STRUCTURE = List.of("a GRU stateful kernel(1, 2)");
  private static final List<State.Plane> PLANES = List.of(new State.Plane("a", "h", 1));
  private static final Optimizer OPTIMIZER = new SGD(0.5, 0.9, false);

  @TempDir
  Path folder;

  private static Checkpoint checkpoint() {
    return new Checkpoint(STRUCTURE, new Checkpoint.Counters(3, 40, 0.5f, 0.25f, 41, -7), new float[] {1.5f, -0f},
        new Checkpoint.Slots("SGD", OPTIMIZER.slots(), new float[][] {{Float.intBitsToFloat(0xffc12345), 1e-40f}}),
        State.of(PLANES, 2, 0, new float[] {3, 4}));
  }

  private byte[] good() throws IOException {
    Path file = folder.resolve("good");
    checkpoint().save(file);
    return Files.readAllBytes(file);
  }

  private static Checkpoint read(byte[] bytes) throws IOException {
    return CheckpointReader.read(ByteSource.of(bytes), "memory");
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    ByteBuffer in = ByteBuffer.wrap(good()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals("RILLCKPT", text(in, 8));
    assertEquals(1, in.getInt());
    assertEquals(crc((STRUCTURE.get(0) + "\n").getBytes(StandardCharsets.UTF_8)), in.getInt());
    assertEquals(1, in.getInt());
    assertEquals(STRUCTURE.get(0), text(in, in.getInt()));
    assertEquals("SGD", text(in, in.getInt()));
    assertEquals(1, in.getInt());
    assertEquals(OPTIMIZER.slots().get(0), text(in, in.getInt()));
    assertEquals(3, in.getInt());
    assertEquals(40, in.getLong());
    assertEquals(0.5f, in.getFloat());
    assertEquals(0.25f, in.getFloat());
    assertEquals(41, in.getLong());
    assertEquals(-7, in.getLong());
    assertEquals(2, in.getLong());
    assertEquals(1.5f, in.getFloat());
    assertEquals(0x80000000, in.getInt());
    assertEquals(0x7fc00000, in.getInt());
    assertEquals(1e-40f, in.getFloat());
    byte[] states = new byte[in.getInt()];
    in.get(states);
    assertArrayEquals(checkpoint().states().toBytes(), states);
    assertEquals(4, in.remaining());
  }

  private static String text(ByteBuffer in, int length) {
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  @Test
  void whatIsReadIsWrittenAgain() throws IOException {
    Path file = folder.resolve("again");
    read(good()).save(file);
    assertArrayEquals(good(), Files.readAllBytes(file));
    assertArrayEquals(good(), Files.readAllBytes(folder.resolve("good")));
    assertEquals(3, Checkpoint.load(file).epochs());
  }

  @Test
  void everyDamagedByteIsNoticed() throws IOException {
    byte[] good = good();
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << bit);
        assertThrows(FormatException.class, () -> read(bad));
      }
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] good = good();
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThrows(FormatException.class, () -> read(bad));
    }
    assertThrows(FormatException.class, () -> read(Arrays.copyOf(good, good.length + 1)));
  }

  /** Changed numbers behind check sums made anew: an answer or one of Rill's exceptions, never anything else. */
  @Test
  void anyNumberBehindAGoodCheckSumIsReadOrRefused() throws IOException {
    byte[] good = good();
    for (int at = 8; at + 8 <= good.length; at++) {
      for (int value : new int[] {0, 1, -1, 3, 4, 255, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        ByteBuffer bad = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        bad.putInt(good.length - 4, crc(Arrays.copyOf(bad.array(), good.length - 4)));
        try {
          read(bad.array()).check(STRUCTURE, PLANES, OPTIMIZER, 2);
        } catch (RillException expected) {
          assertTrue(expected.getMessage().length() > 10);
        } catch (RuntimeException | OutOfMemoryError e) {
          fail(value + " at " + at + " gives " + e);
        }
      }
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
