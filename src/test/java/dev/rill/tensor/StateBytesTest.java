package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.rill.Samples;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** State bytes: what is written is read, and nothing else is. */
class StateBytesTest {
  private static final List<State.Plane> PLANES =
      List.of(new State.Plane("lstm", "h", 2), new State.Plane("lstm", "c", 2), new State.Plane("größer", "h", 3));

  private static State state() {
    return State.of(PLANES, 2, 0x12345678, new float[] {1, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY},
        Samples.floats(1, 4, 1), Samples.floats(2, 6, 1));
  }

  @Test
  void whatIsWrittenIsRead() {
    State back = State.fromBytes(state().toBytes());
    assertEquals(PLANES, back.planes());
    assertEquals(2, back.rows());
    assertEquals(0x12345678, back.weightsFingerprint());
    Samples.assertBits(state(), back, "read back");
    assertArrayEquals(state().toBytes(), back.toBytes());
  }

  /** A name that UTF-8 cannot hold becomes another one in bytes, which takes nothing from what the state fits. */
  @Test
  void halfASurrogatePairInANameLeavesTheStructureAsItIs() {
    for (String layer : List.of("\ud800", "a\udc00b", "\udc00\ud800")) {
      State state = State.of(List.of(new State.Plane(layer, "h", 1)), 2, 7, new float[] {1, 2});
      State back = State.fromBytes(state.toBytes());
      back.checkStructure(state.planes());
      state.checkStructure(back.planes());
      assertArrayEquals(state.values(0), back.values(0));
    }
  }

  /** The documented layout, byte for byte. */
  @Test
  void theLayoutIsTheDocumentedOne() {
    byte[] bytes = state().toBytes();
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    in.get(magic);
    assertEquals("RILLSTAT", new String(magic, StandardCharsets.US_ASCII));
    assertEquals(1, in.getInt());
    assertEquals(2, in.getInt());
    assertEquals(3, in.getInt());
    in.getInt();
    assertEquals(0x12345678, in.getInt());
    for (State.Plane plane : PLANES) {
      byte[] name = new byte[in.getInt()];
      in.get(name);
      assertEquals(plane.layer(), new String(name, StandardCharsets.UTF_8));
      byte[] kind = new byte[in.getInt()];
      in.get(kind);
      assertEquals(plane.kind(), new String(kind, StandardCharsets.UTF_8));
      assertEquals(plane.units(), in.getInt());
    }
    for (int p = 0; p < 3; p++) {
      for (float value : state().values(p)) {
        assertEquals(Float.floatToRawIntBits(value), in.getInt());
      }
    }
    assertEquals(4, in.remaining());
  }

  /** Written by an earlier Rill, whose states belonged to layers by name. */
  @Test
  void bytesOfEarlierVersionsAreRead() {
    byte[] old = Base64.getDecoder().decode("UklMTFNUQVQBAAAAAgAAAAMAAAAmOD5GeFY0EgQAAABsc3RtAQAAAGgCAAAABAAAAGxzdG0BAAAAYwIAAAAIAAAAZ3LDtsOf"
        + "ZXIBAAAAaAMAAAAAAIA/AAAAgAEAAAAAAID/AAAAQAAAQEAAAIBAAACgQAAAgL8AAAA/AACAPgAA4EAAAABBAAAQQUezKmU=");
    State expected = State.of(PLANES, 2, 0x12345678, new float[] {1, -0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY},
        new float[] {2, 3, 4, 5}, new float[] {-1, 0.5f, 0.25f, 7, 8, 9});
    assertEquals(expected, State.fromBytes(old));
    assertArrayEquals(old, expected.toBytes());
  }

  @Test
  void nanIsWrittenInOneForm() {
    State odd = State.of(List.of(new State.Plane("l", "h", 1)), 2, 0,
        new float[] {Float.intBitsToFloat(0xffc12345), Float.intBitsToFloat(0x7f800001)});
    ByteBuffer in = ByteBuffer.wrap(odd.toBytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x7fc00000, in.getInt(in.capacity() - 12));
    assertEquals(0x7fc00000, in.getInt(in.capacity() - 8));
  }

  @Test
  void everyDamagedByteIsNoticed() {
    byte[] good = state().toBytes();
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << bit);
        assertThrows(FormatException.class, () -> State.fromBytes(bad));
      }
    }
  }

  @Test
  void everyTruncationIsNoticed() {
    byte[] good = state().toBytes();
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      String message = assertThrows(FormatException.class, () -> State.fromBytes(bad)).getMessage();
      assertTrue(message.contains(length < 8 ? "not a state" : "truncated"), message);
    }
    assertThrows(FormatException.class, () -> State.fromBytes(Arrays.copyOf(good, good.length + 1)));
  }

  /** Bytes whose check sums are right and whose content is not: refused, without allocating what they claim. */
  @Test
  void hostileBytesAreRefused() {
    for (int rows : new int[] {-1, 1, 1 << 30, Integer.MAX_VALUE}) {
      for (int units : new int[] {-1, 0, 1, 2, Integer.MAX_VALUE}) {
        assertThrows(FormatException.class, () -> State.fromBytes(signed(rows, units)));
      }
    }
  }

  /** Sizes whose sum in bytes is 2^64, which a long takes for 0. */
  @Test
  void sizesThatOverflowAreRefused() {
    byte[] bytes = signed(1 << 30, Integer.MAX_VALUE, Integer.MAX_VALUE, 2);
    assertThrows(FormatException.class, () -> State.fromBytes(bytes));
  }

  /** Sixteen bytes each would be a plane and a hundred in memory. */
  @Test
  void moreLayersThanAnyModelHasAreRefused() {
    int[] units = new int[(1 << 16) + 1];
    Arrays.fill(units, 1);
    FormatException e = assertThrows(FormatException.class, () -> State.fromBytes(signed(0, units)));
    assertTrue(e.getMessage().contains("65537 planes"), e.getMessage());
    assertEquals(1 << 16, State.fromBytes(signed(0, Arrays.copyOf(units, 1 << 16))).planes().size());
  }

  /** Changed numbers behind a check sum made anew: an answer or a {@code FormatException}, never anything else. */
  @Test
  void anyNumberBehindAGoodCheckSumIsReadOrRefused() {
    byte[] good = state().toBytes();
    for (int at = 8; at + 8 <= good.length; at++) {
      for (int value : new int[] {0, 1, -1, 3, 4, 255, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        ByteBuffer bad = ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        try {
          State read = State.fromBytes(sign(bad).array());
          assertTrue(read.rows() >= 0);
        } catch (FormatException expected) {
          assertTrue(expected.getMessage().length() > 10);
        } catch (RuntimeException | OutOfMemoryError e) {
          fail(value + " at " + at + " gives " + e);
        }
      }
    }
  }

  /** A state without floats that claims some, with a correct structure fingerprint and check sum. */
  private static byte[] signed(int rows, int... units) {
    StringBuilder lines = new StringBuilder();
    for (int u : units) {
      lines.append("l\th\t").append(u).append('\n');
    }
    byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(32 + 14 * units.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put("RILLSTAT".getBytes(StandardCharsets.US_ASCII)).putInt(1).putInt(rows).putInt(units.length)
        .putInt(crc(text, text.length)).putInt(0);
    for (int u : units) {
      out.putInt(1).put((byte) 'l').putInt(1).put((byte) 'h').putInt(u);
    }
    return sign(out).array();
  }

  private static ByteBuffer sign(ByteBuffer state) {
    return state.putInt(state.capacity() - 4, crc(state.array(), state.capacity() - 4));
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
