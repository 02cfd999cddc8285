package dev.rill.keras.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.io.ByteSource;
import dev.rill.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what is read; the files stay in {@code target/saved} for h5py, see {@code testdata/check_saved.py}. */
class Hdf5WriterTest {
  private static final Path SAVED = Path.of("target", "saved");

  private static byte[] bytes(Hdf5Writer writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(block -> {
      byte[] part = new byte[block.remaining()];
      block.get(part);
      out.write(part, 0, part.length);
    });
    return out.toByteArray();
  }

  private static void keep(String name, byte[] file) throws IOException {
    Files.createDirectories(SAVED);
    Files.write(SAVED.resolve(name), file);
  }

  private static Hdf5Group root(byte[] file) throws IOException {
    return Hdf5File.open(ByteSource.of(file), "written").root();
  }

  private static float[] floats(int seed, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = seed + i / 8f;
    }
    return values;
  }

  /** 8 members fill a symbol node, 256 a tree of one level, 8192 one of two. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8, 9, 255, 256, 257, 600, 8192, 8193})
  void groupsHoldAnyNumberOfMembers(int count) throws IOException {
    Hdf5Writer writer = new Hdf5Writer();
    writer.attribute("many", "name", "group of " + count);
    for (int i = 0; i < count; i++) {
      writer.dataset("many/" + i, Shape.of(1 + i % 3), floats(i, 4), 1);
    }
    byte[] file = bytes(writer);
    keep("members_" + count + ".h5", file);
    Hdf5Group many = root(file).group("many");
    assertEquals("group of " + count, many.attributes().string("name"));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(Integer.toString(i));
      Hdf5Dataset data = many.dataset(Integer.toString(i));
      float[] values = new float[data.size()];
      data.floats(values, 0);
      assertArrayEquals(Arrays.copyOfRange(floats(i, 4), 1, 2 + i % 3), values);
    }
    names.sort(null);
    assertEquals(names, many.names());
  }

  @Test
  void shapesTypesAndNaN() throws IOException {
    float[] large = floats(3, 100_003);
    large[70_000] = Float.intBitsToFloat(0xffc0_1234);
    Hdf5Writer writer = new Hdf5Writer();
    writer.dataset("a/large", Shape.of(large.length), large, 0);
    writer.dataset("a/empty", Shape.of(0, 4), large, 0);
    writer.dataset("a/b/count", Shape.of(), new long[] {-1L << 40});
    writer.dataset("a/b/rate", Shape.of(), new float[] {0.001f}, 0);
    writer.dataset("a/cube", Shape.of(2, 3, 4), large, 5);
    Hdf5Group a = root(bytes(writer)).group("a");
    assertArrayEquals(new long[] {-1L << 40}, a.dataset("b/count").longs());
    assertArrayEquals(new int[0], a.dataset("b/rate").shape());
    assertArrayEquals(new int[] {0, 4}, a.dataset("empty").shape());
    assertArrayEquals(new int[] {2, 3, 4}, a.dataset("cube").shape());
    float[] read = new float[large.length];
    a.dataset("large").floats(read, 0);
    assertEquals(0x7fc0_0000, Float.floatToRawIntBits(read[70_000]), "one NaN for all");
    assertArrayEquals(large, read);
  }

  @Test
  void stringsFillOneHeapAfterAnother() throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      texts.put("group" + i, "\u00e4\ud83d\ude00".repeat(i % 7) + "x".repeat(i * 13 % 200));
    }
    // Lengths at which the free space is too small for a header, or there is none, are among these.
    for (int length : new int[] {0, 4047, 4048, 4049, 4063, 4064, 4065, 70_000}) {
      texts.put("long" + length, "y".repeat(length));
    }
    Hdf5Writer writer = new Hdf5Writer();
    texts.forEach((group, text) -> writer.attribute(group, "text", text));
    byte[] file = bytes(writer);
    keep("strings.h5", file);
    Hdf5Group root = root(file);
    for (String group : texts.keySet()) {
      assertEquals(texts.get(group), root.group(group).attributes().string("text"));
    }
  }

  @Test
  void theSameContentGivesTheSameBytesInAnyOrder() throws IOException {
    Hdf5Writer one = new Hdf5Writer();
    Hdf5Writer other = new Hdf5Writer();
    for (int i = 0; i < 50; i++) {
      one.dataset("g/" + i, Shape.of(), new long[] {i});
      other.dataset("g/" + (49 - i), Shape.of(), new long[] {49L - i});
    }
    assertArrayEquals(bytes(one), bytes(other));
  }
}
