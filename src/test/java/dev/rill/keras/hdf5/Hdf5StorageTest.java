package dev.rill.keras.hdf5;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form in which h5py stores data, links and attributes, against what h5py reads; {@code testdata/formats/hdf5.py} made both. */
class Hdf5StorageTest {
  private static final Path FORMATS = Path.of("testdata", "formats");

  private static Hdf5Group root(String name) throws IOException {
    return Hdf5File.open(ByteSource.of(Files.readAllBytes(FORMATS.resolve(name))), name).root();
  }

  private static void assertIs(NpyArray expected, Hdf5Dataset actual) throws IOException {
    assertArrayEquals(expected.shape(), actual.shape(), actual.path());
    if (actual.type().floating()) {
      float[] values = new float[actual.size() + 2];
      values[0] = 7;
      values[values.length - 1] = 8;
      actual.floats(values, 1);
      double[] doubles = expected.doubles();
      for (int i = 0; i < doubles.length; i++) {
        assertEquals((float) doubles[i], values[i + 1], actual.path() + " at " + i);
      }
      assertEquals(7, values[0]);
      assertEquals(8, values[values.length - 1]);
    } else {
      assertArrayEquals(expected.longs(), actual.longs(), actual.path());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.h5", "stored_latest.h5", "links.h5", "links_latest.h5"})
  void everyDataSetIsWhatH5pyReads(String name) throws IOException {
    Hdf5Group root = root(name);
    int compared = 0;
    try (Npz values = Npz.open(FORMATS.resolve("stored.npz"))) {
      for (String each : values.names()) {
        if (each.startsWith(name + '/')) {
          assertIs(values.array(each), root.dataset(each.substring(name.length() + 1)));
          compared++;
        }
      }
    }
    assertTrue(compared > 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.h5", "stored_latest.h5", "links.h5", "links_latest.h5"})
  void everyNameAndAttributeIsWhatH5pyReads(String name) throws IOException {
    JsonObject file = Json.parseObject(Files.readAllBytes(FORMATS.resolve("links.json")), "links.json").object(name);
    Hdf5Group root = root(name);
    Set<String> found = new TreeSet<>();
    walk(root, "", found);
    found.add("");
    assertEquals(new TreeSet<>(file.names()), found);
    for (String path : file.names()) {
      if (!List.of("unwritten", "partly", "lzf").contains(path)) {
        Hdf5Attributes actual = path.isEmpty() ? root.attributes()
            : root.isGroup(path) ? root.group(path).attributes() : root.dataset(path).attributes();
        assertAttributes(file.object(path), actual, path);
      }
    }
  }

  private static void assertAttributes(JsonObject expected, Hdf5Attributes actual, String path) throws IOException {
    assertEquals(new TreeSet<>(expected.names()), new TreeSet<>(actual.names()), path);
    for (String name : expected.names()) {
      List<String> values = new ArrayList<>();
      if (expected.get(name) instanceof JsonArray list) {
        for (int i = 0; i < list.size(); i++) {
          values.add(list.string(i));
        }
      } else {
        values.add(expected.string(name));
      }
      assertEquals(values, actual.strings(name), path + '@' + name);
    }
  }

  private static void walk(Hdf5Group group, String prefix, Set<String> found) throws IOException {
    for (String name : group.names()) {
      found.add(prefix + name);
      if (group.isGroup(name)) {
        walk(group.group(name), prefix + name + '/', found);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.h5", "stored_latest.h5"})
  void whatWasNeverWrittenIsRefused(String name) throws IOException {
    Hdf5Group root = root(name);
    for (String missing : List.of("unwritten", "partly")) {
      String message = assertThrows(FormatException.class, () -> root.dataset(missing)).getMessage();
      assertTrue(message.contains("never been written"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored.h5", "stored_latest.h5"})
  void otherFiltersAreRefusedByName(String name) throws IOException {
    Hdf5Group root = root(name);
    String message = assertThrows(UnsupportedException.class, () -> root.dataset("lzf")).getMessage();
    assertTrue(message.contains("(lzf)") && message.contains("h5repack"), message);
  }

  @Test
  void linksAreListedAndRefusedWhenTheyAreFollowed() throws IOException {
    Hdf5Group root = root("soft.h5");
    assertEquals(Set.of("a", "b", "c"), Set.copyOf(root.names()));
    assertEquals(1, root.dataset("a").size());
    for (String link : List.of("b", "c")) {
      String message = assertThrows(UnsupportedException.class, () -> root.dataset(link)).getMessage();
      assertTrue(message.startsWith("soft.h5 /" + link + " is a soft or external link"), message);
      assertThrows(UnsupportedException.class, () -> root.has(link + "/x"));
    }
  }
}
