package dev.rill.keras;

import dev.rill.OnceIsEnough;
import dev.rill.keras.hdf5.CheckSums;
import dev.rill.keras.hdf5.Hdf5Attributes;
import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5File;
import dev.rill.keras.hdf5.Hdf5Group;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.io.Npy;
import dev.rill.io.NpyArray;
import dev.rill.io.ZipArchive;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes are, the readers give values or one of two exceptions, soon. Real files are mutated; members are
 * also mutated by themselves, out of reach of the archive's CRC.
 *
 * <p>The long run: {@code java -Xmx256m -cp target/classes:target/test-classes dev.rill.keras.ReaderFuzzTest 1000000}.
 */
@OnceIsEnough
class ReaderFuzzTest {
  private static final Path FORMATS = Path.of("testdata", "formats");
  private static final long[] INTERESTING = {0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, Integer.MAX_VALUE,
      Integer.MIN_VALUE, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE, -1, -2, -8, 8, 96, 1L << 40};
  private static final Pattern VALUE = Pattern.compile("\"[^\"]*\"|true|false|null|-?[0-9][0-9.eE+-]*");
  private static final String[] VALUES = {"0", "1", "-1", "3", "2147483647", "4294967296", "1073741825", "1e300", "null", "true",
      "false", "[]", "{}", "[null,null,3]", "\"\"", "\"LSTM\"", "\"InputLayer\"", "NaN"};
  private static final long LIMIT_NANOS = 1_000_000_000L;
  /** What is said of odd files would be said ten thousand times. */
  private static final Logger LOG = Logger.getLogger("dev.rill");
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private enum Kind { ZIP, HDF5, JSON, NPY, MODEL, FILE }

  /** {@code sums} are those of a file of the new style, else null. */
  private record Seed(Kind kind, String name, byte[] bytes, CheckSums sums) {
    Seed(Kind kind, String name, byte[] bytes) {
      this(kind, name, bytes, null);
    }
  }

  private final List<Seed> seeds = new ArrayList<>();
  private final TreeMap<String, Integer> outcomes = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private long slowest;

  @Test
  void mutatedFilesGiveValuesOrTypedExceptions() throws IOException {
    run(0, 10_000);
    assertEquals(List.of(), findings);
  }

  /** Runs as many executions as the argument says, from the number that a second one gives, and prints what came. */
  public static void main(String[] arguments) throws IOException {
    ReaderFuzzTest fuzz = new ReaderFuzzTest();
    long start = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    fuzz.run(start, Long.parseLong(arguments[0]));
    fuzz.outcomes.forEach((outcome, count) -> System.out.println(count + " " + outcome));
    System.out.println("slowest: " + fuzz.slowest / 1_000_000 + " ms; findings: " + fuzz.findings);
  }

  private void run(long from, long executions) throws IOException {
    LOG.setLevel(Level.OFF);
    collect();
    for (long i = from; i < from + executions; i++) {
      SplittableRandom random = new SplittableRandom(i);
      // The large file, for trees of two levels, comes seldom.
      Seed seed = seeds.get(random.nextInt(500) == 0 ? seeds.size() - 1 : random.nextInt(seeds.size() - 1));
      byte[] bytes = mutate(seed, random);
      String outcome;
      long start = THREADS.getCurrentThreadCpuTime();
      try {
        read(seed.kind, bytes);
        outcome = "read";
      } catch (FormatException | UnsupportedException e) {
        outcome = e.getClass().getSimpleName();
      } catch (Exception | Error e) {
        outcome = e.getClass().getName();
        findings.add(i + " " + seed.name + ": " + e + " " + List.of(e.getStackTrace()).subList(0, 3));
      }
      // Time of the processor: a busy machine is no finding.
      long nanos = THREADS.getCurrentThreadCpuTime() - start;
      slowest = Math.max(slowest, nanos);
      if (nanos > LIMIT_NANOS) {
        findings.add(i + " " + seed.name + ": " + nanos / 1_000_000 + " ms");
      }
      outcomes.merge(seed.kind + " " + outcome, 1, Integer::sum);
    }
  }

  private void collect() throws IOException {
    for (String name : List.of("lstm.keras", "graph.keras", "graph.deflated.keras", "plain.npz", "packed.npz")) {
      seeds.add(new Seed(Kind.ZIP, name, Files.readAllBytes(FORMATS.resolve(name))));
    }
    for (String name : List.of("lstm.keras", "graph.keras")) {
      member(Kind.JSON, name, "config.json");
      member(Kind.HDF5, name, "model.weights.h5");
    }
    for (String name : List.of("seed_windows", "seed_gru", "initial_lstm_encoder_decoder", "graph_shared_gru", "names_by_depth")) {
      model(name);
    }
    for (String name : List.of("legacy.h5", "keras2.h5", "types.h5")) {
      seeds.add(new Seed(Kind.HDF5, name, Files.readAllBytes(FORMATS.resolve(name))));
    }
    for (String name : List.of("stored.h5", "links.h5", "stored_latest.h5", "links_latest.h5", "soft.h5")) {
      byte[] bytes = Files.readAllBytes(FORMATS.resolve(name));
      seeds.add(new Seed(Kind.HDF5, name, bytes, new CheckSums(bytes)));
    }
    for (String name : List.of("umlaut.h5", "packed.h5")) {
      seeds.add(new Seed(Kind.HDF5, name, Files.readAllBytes(Path.of("testdata", "odd", name))));
    }
    for (String name : List.of("umlaut.h5", "slash.h5", "packed.h5", "scaled.h5")) {
      seeds.add(new Seed(Kind.FILE, name, Files.readAllBytes(Path.of("testdata", "odd", name))));
    }
    for (String name : List.of("single", "scalar", "fortran", "half", "long", "flags")) {
      member(Kind.NPY, "plain.npz", name + ".npy");
    }
    seeds.add(new Seed(Kind.JSON, "attributes.json", Files.readAllBytes(FORMATS.resolve("attributes.json"))));
    member(Kind.HDF5, "many.zip", "many.h5");
  }

  /** A recorded case's configuration, as a model. */
  private void model(String name) throws IOException {
    try (ZipArchive zip = ZipArchive.open(Path.of("testdata", "cases", name, "model.keras"))) {
      seeds.add(new Seed(Kind.MODEL, name, zip.bytes("config.json", 1 << 20)));
    }
  }

  private void member(Kind kind, String archive, String name) throws IOException {
    try (ZipArchive zip = ZipArchive.open(FORMATS.resolve(archive))) {
      seeds.add(new Seed(kind, archive + '!' + name, zip.bytes(name, 1 << 20)));
    }
  }

  /** Puts another value of the document, or an interesting one, where a value stands: the text stays JSON. */
  private static byte[] exchange(byte[] bytes, SplittableRandom random) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<int[]> values = new ArrayList<>();
    for (Matcher m = VALUE.matcher(text); m.find(); ) {
      values.add(new int[] {m.start(), m.end()});
    }
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int[] at = values.get(random.nextInt(values.size()));
      int[] from = values.get(random.nextInt(values.size()));
      String value = random.nextInt(3) == 0 ? VALUES[random.nextInt(VALUES.length)] : text.substring(from[0], from[1]);
      // Of equal length, so that the places found stay right; white space is nothing.
      int room = at[1] - at[0];
      if (value.length() <= room) {
        text = text.substring(0, at[0]) + value + " ".repeat(room - value.length()) + text.substring(at[1]);
      } else if (n == 1) {
        text = text.substring(0, at[0]) + value + text.substring(at[1]);
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] mutate(Seed seed, SplittableRandom random) {
    if (seed.kind == Kind.MODEL && random.nextInt(8) != 0) {
      return exchange(seed.bytes, random);
    }
    byte[] bytes = seed.bytes.clone();
    for (int n = 1 + random.nextInt(4); n > 0 && bytes.length > 16; n--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(10)) {
        case 0, 1 -> bytes[at] = (byte) (bytes[at] ^ 1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) INTERESTING[random.nextInt(6)];
        case 3, 4 -> put(bytes, at, 1 << random.nextInt(4), INTERESTING[random.nextInt(INTERESTING.length)]);
        // An offset of this file, where another may stand.
        case 5 -> put(bytes, at, 8, random.nextInt(bytes.length) & -8);
        case 6 -> {
          int from = random.nextInt(bytes.length - 7) & -8;
          System.arraycopy(bytes, from, bytes, Math.min(at & -8, bytes.length - 8), 8);
        }
        case 7 -> {
          byte[] other = seeds.get(random.nextInt(seeds.size())).bytes;
          int from = random.nextInt(other.length);
          int length = Math.min(1 + random.nextInt(64), Math.min(other.length - from, bytes.length - at));
          System.arraycopy(other, from, bytes, at, length);
        }
        case 8 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
        default -> bytes = random.nextBoolean() ? insert(bytes, at, random) : remove(bytes, at, random);
      }
    }
    if (seed.sums != null && bytes.length == seed.bytes.length && random.nextInt(8) != 0) {
      seed.sums.mend(bytes);
    }
    return bytes;
  }

  /** Little-endian, at a multiple of its size. */
  private static void put(byte[] bytes, int at, int size, long value) {
    for (int i = 0; i < size && (at & -size) + i < bytes.length; i++) {
      bytes[(at & -size) + i] = (byte) (value >> 8 * i);
    }
  }

  /** Doubles what stands there. */
  private static byte[] insert(byte[] bytes, int at, SplittableRandom random) {
    int length = Math.min(1 + random.nextInt(40), bytes.length - at);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
    System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
    return longer;
  }

  private static byte[] remove(byte[] bytes, int at, SplittableRandom random) {
    int length = Math.min(1 + random.nextInt(40), bytes.length - at);
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
    return shorter;
  }

  private static void read(Kind kind, byte[] bytes) throws IOException {
    switch (kind) {
      case ZIP -> zip(bytes);
      case HDF5 -> walk(Hdf5File.open(ByteSource.of(bytes), "fuzz.h5").root());
      case JSON -> json(Json.parse(bytes, "fuzz.json"));
      case MODEL -> KerasFile.layout(ModelReader.read(Json.parseObject(bytes, "config.json"), "3.15.1"), "fuzz");
      case FILE -> file(bytes);
      case NPY -> array(Npy.read(ByteSource.of(bytes), "fuzz.npy"));
    }
  }

  /** A whole model, its optimizer included. */
  private static void file(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("rill-fuzz", ".keras");
    try {
      Files.write(file, bytes);
      KerasFile.load(file).optimizerVariables();
    } finally {
      Files.delete(file);
    }
  }

  private static void zip(byte[] bytes) throws IOException {
    try (ZipArchive archive = ZipArchive.open(ByteSource.of(bytes), "fuzz.zip")) {
      for (String name : archive.names()) {
        ByteSource member = archive.source(name);
        if (name.endsWith(".npy")) {
          array(Npy.read(member, name));
        } else if (name.endsWith(".h5")) {
          walk(Hdf5File.open(member, name).root());
        } else if (name.endsWith(".json")) {
          json(Json.parse(archive.bytes(name, Json.MAX_BYTES), name));
        }
      }
    }
  }

  private static void array(NpyArray array) {
    array.doubles();
    if (array.type().floating()) {
      array.floats();
    } else {
      array.longs();
    }
  }

  private static void json(JsonValue value) {
    visit(value);
    String text = Json.write(value);
    assertEquals(text, Json.write(Json.parse(text, "again.json")));
  }

  private static void visit(JsonValue value) {
    if (value instanceof JsonObject object) {
      for (String name : object.names()) {
        visit(object.get(name));
      }
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        visit(array.get(i));
      }
    }
  }

  private static void walk(Hdf5Group group) throws IOException {
    attributes(group.attributes());
    for (String name : group.names()) {
      try {
        if (group.isGroup(name)) {
          walk(group.group(name));
        } else {
          data(group.dataset(name));
        }
      } catch (UnsupportedException e) {
        // One of the data sets of types.h5 that are there to be refused; the others are still worth a look.
        continue;
      }
    }
  }

  private static void data(Hdf5Dataset dataset) throws IOException {
    attributes(dataset.attributes());
    if (dataset.type().floating()) {
      dataset.floats(new float[dataset.size()], 0);
    } else {
      dataset.longs();
    }
  }

  private static void attributes(Hdf5Attributes attributes) throws IOException {
    for (String name : attributes.names()) {
      try {
        attributes.strings(name);
      } catch (UnsupportedException e) {
        // An attribute that is not a string.
        continue;
      }
    }
  }
}
