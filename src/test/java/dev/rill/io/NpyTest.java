package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
  private static final Path FORMATS = Path.of("testdata", "formats");

  @TempDir
  private Path directory;

  /** An array of bytes with the given header text. */
  private static byte[] npy(String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = new byte[10 + text.length + data];
    byte[] prefix = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)};
    System.arraycopy(prefix, 0, bytes, 0, 10);
    System.arraycopy(text, 0, bytes, 10, text.length);
    return bytes;
  }

  private static NpyArray read(byte[] bytes) throws IOException {
    return Npy.read(ByteSource.of(bytes), "test.npy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.npz", "packed.npz"})
  void arraysAreReadAsNumpyWroteThem(String name) throws IOException {
    try (Npz npz = Npz.open(FORMATS.resolve(name))) {
      assertEquals(List.of("half", "single", "double", "byte", "octet", "short", "word", "integer", "unsigned", "long",
          "flags", "scalar", "empty", "fortran"), npz.names());
      assertArrayEquals(new float[] {1.5f, -2, 65504, 5.9604645e-8f}, npz.array("half").floats());
      assertArrayEquals(new long[] {-128, 127}, npz.array("byte").longs());
      assertArrayEquals(new int[] {1, 2}, npz.array("byte").shape());
      assertArrayEquals(new float[] {0, 255}, npz.array("octet").floats());
      assertArrayEquals(new long[] {-32768, 32767}, npz.array("short").longs());
      assertArrayEquals(new long[] {0, 65535}, npz.array("word").longs());
      assertArrayEquals(new double[] {Integer.MIN_VALUE, Integer.MAX_VALUE}, npz.array("integer").doubles());
      assertArrayEquals(new long[] {0, 4294967295L}, npz.array("unsigned").longs());
      assertArrayEquals(new long[] {Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1}, npz.array("long").longs());
      assertArrayEquals(new float[] {1, 0}, npz.array("flags").floats());
      assertArrayEquals(new int[0], npz.array("scalar").shape());
      assertArrayEquals(new float[] {7}, npz.array("scalar").floats());
      assertArrayEquals(new int[] {3, 0}, npz.array("empty").shape());
      assertEquals(0, npz.array("empty").floats().length);
      assertEquals(ElementType.FLOAT64, npz.array("double").type());
      assertArrayEquals(new int[] {2, 3, 4}, npz.array("single").shape());
      assertThrows(FormatException.class, () -> npz.array("absent"));
    }
  }

  @Test
  void columnMajorArraysAreBroughtIntoRowMajorOrder() throws IOException {
    try (Npz npz = Npz.open(FORMATS.resolve("plain.npz"))) {
      float[] expected = new float[24];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = i;
      }
      assertArrayEquals(new int[] {2, 3, 4}, npz.array("fortran").shape());
      assertArrayEquals(expected, npz.array("fortran").floats());
    }
  }

  @Test
  void allVersionsOfTheHeaderAreRead() throws IOException {
    float[] expected = Npy.read(FORMATS.resolve("single.npy")).floats();
    assertArrayEquals(expected, Npy.read(FORMATS.resolve("version2.npy")).floats());
    assertArrayEquals(expected, Npy.read(FORMATS.resolve("version3.npy")).floats());
  }

  @Test
  void inexactConversionsAreRefusedWithTheWayOut() throws IOException {
    try (Npz npz = Npz.open(FORMATS.resolve("plain.npz"))) {
      NpyArray doubles = npz.array("double");
      assertTrue(assertThrows(FormatException.class, doubles::floats).getMessage().contains("doubles()"));
      NpyArray longs = npz.array("long");
      assertTrue(assertThrows(FormatException.class, longs::doubles).getMessage().contains("longs()"));
      NpyArray halves = npz.array("half");
      assertTrue(assertThrows(FormatException.class, halves::longs).getMessage().contains("'<i8'"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"big_endian.npy", "objects.npy", "fields.npy", "complex.npy"})
  void otherElementsAreRefusedByName(String name) {
    assertThrows(UnsupportedException.class, () -> Npy.read(FORMATS.resolve(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (02,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2 1)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': [2,]}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999, 99999, 99999)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
      "{'descr': '<f4', 'shape': (2,)}",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)",
      "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (2,)}",
      "__import__('os').system('true')", "{", ""})
  void hostileHeadersAreRefused(String header) {
    assertThrows(FormatException.class, () -> read(npy(header, 8)));
  }

  @Test
  void otherSpellingsOfTheHeaderAreRead() throws IOException {
    NpyArray array = read(npy("{\"shape\":(2,1,),\"descr\":\"<i1\",\"fortran_order\":True}\n", 2));
    assertArrayEquals(new int[] {2, 1}, array.shape());
    assertEquals(ElementType.INT8, array.type());
  }

  @Test
  void truncationAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(FORMATS.resolve("single.npy"));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(RillException.class, () -> read(cut));
    }
    assertThrows(FormatException.class, () -> read(Arrays.copyOf(whole, whole.length + 1)));
  }

  @Test
  void whatIsWrittenReadsBack() throws IOException {
    Path file = directory.resolve("a.npy");
    float nan = Float.intBitsToFloat(0xffc0_1234);
    Npy.write(file, NpyArray.of(new float[] {1, -0.0f, nan, Float.MIN_VALUE, 5, 6}, 2, 3));
    NpyArray array = Npy.read(file);
    assertArrayEquals(new int[] {2, 3}, array.shape());
    assertArrayEquals(new float[] {1, -0.0f, Float.NaN, Float.MIN_VALUE, 5, 6}, array.floats());
    assertEquals(0x7fc0_0000, Float.floatToRawIntBits(array.floats()[2]));
    assertEquals(0, (Files.size(file) - 24) % 64);
  }

  @Test
  void writtenArchivesReadBackAndAreTheSameEveryTime() throws IOException {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("states/h", NpyArray.of(new float[] {3}));
    arrays.put("\u00fc", NpyArray.of(new long[] {Long.MAX_VALUE, 0}, 1, 2));
    arrays.put("none", NpyArray.of(new float[0], 0));
    Path file = directory.resolve("a.npz");
    Npz.write(file, arrays);
    byte[] first = Files.readAllBytes(file);
    Npz.write(file, arrays);
    assertArrayEquals(first, Files.readAllBytes(file));
    try (Npz npz = Npz.open(file)) {
      assertEquals(List.copyOf(arrays.keySet()), npz.names());
      assertEquals(0, npz.array("states/h").shape().length);
      assertArrayEquals(new long[] {Long.MAX_VALUE, 0}, npz.array("\u00fc").longs());
      assertEquals(0, npz.array("none").size());
    }
  }

  @Test
  void tensorsComeAndGoInOneCall() throws IOException {
    Tensor tensor = Tensor.of(new float[] {1, -0f, Float.NaN, 4, 5, 6, 7, 8}, 2, 2, 2);
    Path file = directory.resolve("t.npz");
    Npz.write(file, Map.of("view", NpyArray.of(tensor.steps(1, 2)), "ids", NpyArray.of(new long[] {3, 1 << 24}, 2)));
    assertEquals(Map.of("view", tensor.steps(1, 2), "ids", Tensor.of(new float[] {3, 1 << 24}, 2)), Npz.tensors(file));
    assertThrows(FormatException.class, () -> NpyArray.of(new long[] {(1 << 24) + 1}, 1).tensor());
    assertEquals("NpyArray of INT64 [2]", NpyArray.of(new long[2], 2).toString());
  }

  @Test
  void shapeMustFitTheValues() {
    assertThrows(ShapeException.class, () -> NpyArray.of(new float[5], 2, 3));
  }
}
