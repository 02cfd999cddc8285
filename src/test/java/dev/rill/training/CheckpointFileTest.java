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
import dev.rill.tensor.StateException;
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
  private static final String LINE = "a GRU stateful kernel(1, 2)";
  private static final List<State.Plane> PLANES = List.of(new State.Plane("a", "h", 1));
  private static final Optimizer OPTIMIZER = new SGD(0.5, 0.9, false);

  @TempDir
  Path folder;

  private static Checkpoint checkpoint() {
    return new Checkpoint(LINE + "\n", new Checkpoint.Counters(3, 40, 0.5f, 0.25f, 41, -7), new float[] {1.5f, -0f},
        new Checkpoint.Slots("SGD", OPTIMIZER.slots(), new float[][] {{Float.intBitsToFloat(0xffc12345), 1e-40f}}),
        State.of(PLANES, 2, 0, new float[] {3, 4}), List.of(new Checkpoint.Memory("A", new CallbackState().put("n", 1.5, Double.NaN)
            .put("w", new float[] {2, 3}).put("t", "ä")), new Checkpoint.Memory("fit", new CallbackState())));
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
    assertEquals(2, in.getInt());
    assertEquals(crc((LINE + "\n").getBytes(StandardCharsets.UTF_8)), in.getInt());
    assertEquals(1, in.getInt());
    assertEquals(LINE, text(in, in.getInt()));
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
    assertEquals(2, in.getInt());
    assertEquals("A", text(in, in.getInt()));
    assertEquals(3, in.getInt());
    assertEquals("n", text(in, in.getInt()));
    assertEquals(0, in.getInt());
    assertEquals(2, in.getInt());
    assertEquals(1.5, in.getDouble());
    assertEquals(0x7ff8000000000000L, in.getLong());
    assertEquals("w", text(in, in.getInt()));
    assertEquals(1, in.getInt());
    assertEquals(2, in.getInt());
    assertEquals(2, in.getFloat());
    assertEquals(3, in.getFloat());
    assertEquals("t", text(in, in.getInt()));
    assertEquals(2, in.getInt());
    assertEquals("ä", text(in, in.getInt()));
    assertEquals("fit", text(in, in.getInt()));
    assertEquals(0, in.getInt());
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
  void aFileOfVersion1HoldsNoMemoryOfCallbacks() throws IOException {
    byte[] good = good();
    int states = 4 + checkpoint().states().toBytes().length;
    int before = good.length - 4 - states - memoryBytes();
    ByteBuffer old = ByteBuffer.allocate(before + states + 4).order(ByteOrder.LITTLE_ENDIAN).put(good, 0, before);
    old.put(good, before + memoryBytes(), states).putInt(8, 1).putInt(crc(Arrays.copyOf(old.array(), before + states)));
    Checkpoint read = read(old.array());
    assertEquals(List.of(), read.memories());
    assertArrayEquals(checkpoint().weights(), read.weights());
    assertArrayEquals(checkpoint().states().toBytes(), read.states().toBytes());
    StateException e = assertThrows(StateException.class, () -> read.memoriesOf(List.of(new EarlyStopping("loss"))));
    assertTrue(e.getMessage().contains("EarlyStopping") && e.getMessage().contains("Fit.initialEpoch"), e.getMessage());
    assertEquals(1, read.memoriesOf(List.of(new TerminateOnNaN())).size());
  }

  private static int memoryBytes() {
    return 4 + (4 + 1) + 4 + (4 + 1) + 8 + 16 + (4 + 1) + 8 + 8 + (4 + 1) + 4 + (4 + 2) + (4 + 3) + 4;
  }

  @Test
  void theMemoryOfCallbacksIsReadAgain() throws IOException {
    CallbackState state = read(good()).memories().get(0).state();
    assertArrayEquals(new double[] {1.5, Double.NaN}, state.numbers("n"));
    assertArrayEquals(new float[] {2, 3}, state.floats("w"));
    assertEquals("ä", state.text("t"));
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
          read(bad.array()).check(LINE + "\n", PLANES, OPTIMIZER, 2);
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

  /** A head, then content, then the check sum of both. */
  private static byte[] file(int version, ByteBuffer content) {
    ByteBuffer all = ByteBuffer.allocate(12 + content.position() + 4).order(ByteOrder.LITTLE_ENDIAN);
    all.put("RILLCKPT".getBytes(StandardCharsets.US_ASCII)).putInt(version).put(content.array(), 0, content.position());
    return all.putInt(crc(Arrays.copyOf(all.array(), all.position()))).array();
  }

  private static ByteBuffer content(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Four bytes each: a list of texts would take ten times the file. */
  @Test
  void manyEmptyTextsTakeNoMoreThanTheFile() throws IOException {
    for (int version = 1; version <= 2; version++) {
      int count = 1 << 20;
      byte[] lines = new byte[count];
      Arrays.fill(lines, (byte) '\n');
      ByteBuffer content = content(8 + 4 * count + 4).putInt(crc(lines)).putInt(count).position(8 + 4 * count).putInt(0);
      byte[] bytes = file(version, content);
      long taken = Allocation.of(() -> assertThrows(FormatException.class, () -> read(bytes)));
      assertTrue(taken < 2L * bytes.length, taken + " bytes for a file of " + bytes.length);
    }
  }

  @Test
  void textsThatWouldBeWrittenOtherwiseAreRefused() {
    ByteBuffer lines = content(15).putInt(crc("a\nb\n".getBytes(StandardCharsets.US_ASCII))).putInt(1).putInt(3)
        .put("a\nb".getBytes(StandardCharsets.US_ASCII));
    assertTrue(assertThrows(FormatException.class, () -> read(file(2, lines))).getMessage().contains("more than one line"));
    ByteBuffer optimizer = content(13).putInt(crc(new byte[0])).putInt(0).putInt(1).put((byte) 0xc3);
    assertTrue(assertThrows(FormatException.class, () -> read(file(2, optimizer))).getMessage().contains("not UTF-8"));
  }

  /** The shortest content in front of the memory of callbacks, which follows. */
  private static ByteBuffer emptyModel(int more) {
    ByteBuffer content = content(60 + more).putInt(crc(new byte[0])).putInt(0).putInt(0).putInt(0).putInt(0).putLong(0);
    return content.putFloat(0).putFloat(1).putLong(0).putLong(0).putLong(0);
  }

  @Test
  void manyEmptyValuesAreRefusedBeforeTheyAreRead() throws IOException {
    int count = 1 << 18;
    ByteBuffer content = emptyModel(4 + 8 * count).putInt(count);
    byte[] bytes = file(2, content.position(content.limit()));
    long taken = Allocation.of(() ->
        assertTrue(assertThrows(FormatException.class, () -> read(bytes)).getMessage().contains("callbacks")));
    assertTrue(taken < 1 << 20, taken + " bytes");
    assertEquals(List.of(), read(file(2, emptyModel(8).putInt(0).putInt(0))).memories());
  }
}
