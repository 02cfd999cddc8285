package dev.rill.keras.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.ByteSource;
import dev.rill.io.ElementType;
import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.io.ZipArchive;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Keras and h5py wrote, against what h5py reads from them; {@code testdata/formats/make.py} made both. */
class Hdf5FileTest {
  private static final Path FORMATS = Path.of("testdata", "formats");

  private static Hdf5Group root(String name) throws IOException {
    byte[] bytes;
    if (name.endsWith(".h5")) {
      bytes = Files.readAllBytes(FORMATS.resolve(name));
    } else {
      try (ZipArchive archive = ZipArchive.open(FORMATS.resolve(name))) {
        bytes = archive.bytes(name.endsWith(".zip") ? "many.h5" : "model.weights.h5", 1 << 20);
      }
    }
    return Hdf5File.open(ByteSource.of(bytes), name).root();
  }

  private static void datasets(Hdf5Group group, String prefix, Set<String> found) throws IOException {
    for (String name : group.names()) {
      if (group.isGroup(name)) {
        datasets(group.group(name), prefix + name + "/", found);
      } else {
        found.add(prefix + name);
      }
    }
  }

  private static void compare(Hdf5Dataset actual, NpyArray expected) throws IOException {
    assertArrayEquals(expected.shape(), actual.shape());
    if (actual.type().floating()) {
      float[] values = new float[actual.size() + 2];
      actual.floats(values, 1);
      if (actual.type() == ElementType.BFLOAT16) {
        for (int i = 0; i < actual.size(); i++) {
          assertEquals((int) expected.longs()[i] << 16, Float.floatToRawIntBits(values[i + 1]));
        }
      } else {
        double[] doubles = expected.doubles();
        for (int i = 0; i < doubles.length; i++) {
          assertEquals((float) doubles[i], values[i + 1]);
        }
      }
      assertEquals(0, values[0]);
      assertEquals(0, values[values.length - 1]);
      assertThrows(FormatException.class, actual::longs);
    } else {
      assertArrayEquals(expected.longs(), actual.longs());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm.keras", "graph.keras", "graph.deflated.keras", "lstm.weights.h5", "legacy.h5",
      "keras2.h5"})
  void everyDataSetIsWhatH5pyReads(String name) throws IOException {
    String prefix = name.replace(".deflated", "") + '/';
    Hdf5Group root = root(name);
    Set<String> found = new TreeSet<>();
    datasets(root, prefix, found);
    try (Npz values = Npz.open(FORMATS.resolve("values.npz"))) {
      Set<String> expected = new TreeSet<>();
      for (String each : values.names()) {
        if (each.startsWith(prefix)) {
          expected.add(each);
          compare(root.dataset(each.substring(prefix.length())), values.array(each));
        }
      }
      assertEquals(expected, found);
      assertTrue(expected.size() > 4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"float16", "float32", "float64", "nan", "int8", "uint8", "int16", "uint16", "int32", "uint32",
      "int64", "bool", "bfloat16", "scalar", "empty", "compact"})
  void everyTypeIsWhatH5pyReads(String name) throws IOException {
    try (Npz values = Npz.open(FORMATS.resolve("values.npz"))) {
      compare(root("types.h5").dataset(name), values.array("types.h5/" + name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm.keras", "graph.keras", "lstm.weights.h5", "legacy.h5", "keras2.h5", "types.h5"})
  void everyAttributeIsWhatH5pyReads(String name) throws IOException {
    JsonObject file =
        Json.parseObject(Files.readAllBytes(FORMATS.resolve("attributes.json")), "attributes.json").object(name);
    Hdf5Group root = root(name);
    int compared = 0;
    for (String path : file.names()) {
      JsonObject expected = file.object(path);
      if (name.equals("types.h5") && !path.isEmpty() && !path.equals("bfloat16")) {
        continue;
      }
      Hdf5Attributes actual = path.isEmpty() ? root.attributes()
          : root.isGroup(path) ? root.group(path).attributes() : root.dataset(path).attributes();
      assertEquals(new TreeSet<>(expected.names()), new TreeSet<>(actual.names()), path);
      for (String attribute : expected.names()) {
        if (expected.get(attribute) instanceof JsonArray list) {
          List<String> strings = new ArrayList<>();
          for (int i = 0; i < list.size(); i++) {
            strings.add(list.string(i));
          }
          assertEquals(strings, actual.strings(attribute), path + '@' + attribute);
        } else if (!attribute.equals("number")) {
          assertEquals(expected.string(attribute), actual.string(attribute), path + '@' + attribute);
        }
        compared++;
      }
    }
    assertTrue(compared > 4);
  }

  @Test
  void splitListsArePutTogether() throws IOException {
    assertEquals(List.of("part0", "x", "part1", "x", "part2", "x"), root("types.h5").attributes().strings("split"));
  }

  @Test
  void attributesOfAnotherKindAreRefused() throws IOException {
    Hdf5Attributes attributes = root("types.h5").attributes();
    assertThrows(UnsupportedException.class, () -> attributes.string("number"));
    assertThrows(FormatException.class, () -> attributes.string("words"));
    assertThrows(FormatException.class, () -> attributes.strings("absent"));
    assertEquals(List.of(), attributes.strings("none"));
  }

  @Test
  void groupsWithManyMembersAreRead() throws IOException {
    Hdf5Group many = root("many.zip").group("many");
    assertEquals(1200, many.names().size());
    for (int i = 0; i < 600; i++) {
      float[] value = new float[1];
      many.dataset(Integer.toString(i)).floats(value, 0);
      assertEquals(i, value[0]);
      assertEquals("layer " + i, many.group("group" + i).attributes().string("name"));
    }
  }

  @Test
  void pathsAreFollowedFromAnyGroup() throws IOException {
    Hdf5Group root = root("lstm.keras");
    assertEquals("/layers/lstm/cell/vars/2", root.dataset("layers/lstm/cell/vars/2").path());
    assertEquals("/layers/lstm/cell/vars", root.group("layers").group("lstm/cell/vars").path());
    assertTrue(root.has("layers/lstm/cell/vars/2") && !root.has("layers/lstm/cell/vars/3") && !root.has("no/such"));
    assertTrue(root.isGroup("layers/lstm") && !root.isGroup("layers/lstm/cell/vars/2"));
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Hdf5Group root = root("lstm.keras");
    assertEquals("lstm.keras /layers: expected a member gru, found only dense lstm",
        assertThrows(FormatException.class, () -> root.group("layers/gru")).getMessage());
    assertThrows(FormatException.class, () -> root.group("layers/lstm/cell/vars/0"));
    assertThrows(FormatException.class, () -> root.dataset("layers/lstm"));
    assertThrows(FormatException.class, () -> root.group(""));
    assertThrows(ShapeException.class, () -> root.dataset("layers/lstm/cell/vars/0").floats(new float[10], 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uint64", "text", "null", "external", "opaque"})
  void otherDataSetsAreRefusedByName(String name) throws IOException {
    Hdf5Group root = root("types.h5");
    String message = assertThrows(UnsupportedException.class, () -> root.dataset(name)).getMessage();
    assertTrue(message.startsWith("types.h5 /" + name + " at offset "), message);
  }

  @Test
  void dataThatWasNeverWrittenIsRefused() throws IOException {
    Hdf5Group root = root("types.h5");
    String message = assertThrows(FormatException.class, () -> root.dataset("unwritten")).getMessage();
    assertTrue(message.contains("never been written"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soft_link.h5", "external_link.h5"})
  void linksAreRefusedByName(String name) throws IOException {
    Hdf5Group root = root(name);
    assertTrue(root.names().contains("b"));
    assertThrows(UnsupportedException.class, () -> root.dataset("b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"latest.h5", "v108.h5"})
  void newerFormatsAreRead(String name) throws IOException {
    float[] value = new float[1];
    root(name).dataset("a").floats(value, 0);
    assertEquals(1, value[0]);
  }

  @Test
  void hardLinksAndUserBlocksAreRefused() throws IOException {
    Hdf5Group root = root("hard_link.h5");
    String message = assertThrows(FormatException.class, () -> root.group("group").names()).getMessage();
    assertTrue(message.contains("/group again"), message);
    assertThrows(FormatException.class, () -> root("user_block.h5"));
  }

  @Test
  void namesAreReadOnce() throws IOException {
    int[] reads = new int[1];
    ByteSource bytes = ByteSource.of(Files.readAllBytes(FORMATS.resolve("legacy.h5")));
    ByteSource counting = new ByteSource() {
      @Override
      public long size() {
        return bytes.size();
      }

      @Override
      public void read(long position, ByteBuffer target) throws IOException {
        reads[0]++;
        bytes.read(position, target);
      }
    };
    Hdf5Group root = Hdf5File.open(counting, "counted.h5").root();
    root.group("model_weights").names();
    int before = reads[0];
    assertFalse(root.group("model_weights").has("absent"));
    assertEquals(before, reads[0]);
  }
}
