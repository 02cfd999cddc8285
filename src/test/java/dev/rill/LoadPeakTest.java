package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.AtomicFile;
import dev.rill.io.ZipArchive;
import dev.rill.keras.hdf5.Hdf5Writer;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.training.Checkpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At the peak, loading takes at most three times what is kept: it succeeds in a heap that has no more. */
@OnceIsEnough
class LoadPeakTest {
  private static final int IN = 256;
  private static final int UNITS = 768;
  /** Floats. */
  private static final long WEIGHTS = 4L * UNITS * (IN + UNITS + 1);
  private static final int ROWS = 2048;
  /** What the JVM and the classes take, and the room that is left to other threads. */
  private static final int MORE_MB = 16;

  @TempDir
  private Path folder;

  /** A process of its own. */
  static final class Loader {
    private static Object kept;

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      if (arguments[0].endsWith(".ckpt")) {
        kept = Checkpoint.load(file);
      } else if (arguments[0].endsWith(".state")) {
        kept = State.fromBytes(Files.readAllBytes(file));
      } else {
        kept = arguments.length == 1 ? Network.load(file) : Network.load(Files.newInputStream(file));
      }
      System.out.println("loaded " + kept.getClass().getSimpleName());
    }
  }

  private static Sequential model() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(UNITS).named("lstm"));
    model.initialize(1);
    return model;
  }

  private static String load(Path file, long keptFloats, String... more) {
    long megabytes = (3 * Float.BYTES * keptFloats >> 20) + MORE_MB;
    List<String> arguments = new ArrayList<>(List.of("-Xmx" + megabytes + "m", "-Drill.warmup=off", "-cp",
        Jvm.classPath(Network.class, Loader.class), Loader.class.getName(), file.toString()));
    arguments.addAll(List.of(more));
    return Jvm.run(arguments).strip();
  }

  @Test
  void anArchive() throws Exception {
    Path file = folder.resolve("model.keras");
    model().save(file);
    assertEquals("loaded Network", load(file, WEIGHTS));
  }

  @Test
  void aStream() throws Exception {
    Path file = folder.resolve("model.keras");
    model().save(file);
    assertEquals("loaded Network", load(file, WEIGHTS, "as a stream"));
  }

  @Test
  void aDeflatedArchive() throws Exception {
    Path stored = folder.resolve("model.keras");
    Path deflated = folder.resolve("deflated.keras");
    model().save(stored);
    try (ZipArchive archive = ZipArchive.open(stored); OutputStream target = Files.newOutputStream(deflated);
        ZipOutputStream zip = new ZipOutputStream(target)) {
      for (String name : archive.names()) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(archive.bytes(name, Integer.MAX_VALUE));
      }
    }
    assertEquals("loaded Network", load(deflated, WEIGHTS));
  }

  @Test
  void aLegacyFile() throws Exception {
    Path modern = folder.resolve("model.keras");
    Path file = folder.resolve("model.h5");
    model().save(modern);
    Hdf5Writer content = new Hdf5Writer();
    try (ZipArchive archive = ZipArchive.open(modern)) {
      content.attribute("/", "model_config", new String(archive.bytes("config.json", 1 << 20), StandardCharsets.UTF_8));
    }
    content.attribute("/", "keras_version", "3.0.0");
    content.attribute("model_weights", "layer_names", "lstm");
    float[] values = new float[4 * UNITS * UNITS];
    List<String> names = List.of("kernel", "recurrent_kernel", "bias");
    List<Shape> shapes = List.of(Shape.of(IN, 4 * UNITS), Shape.of(UNITS, 4 * UNITS), Shape.of(4 * UNITS));
    for (int i = 0; i < names.size(); i++) {
      content.attribute("model_weights/lstm", "weight_names" + i, "lstm/" + names.get(i));
      content.dataset("model_weights/lstm/lstm/" + names.get(i), shapes.get(i), values, 0);
    }
    try (AtomicFile target = AtomicFile.create(file)) {
      content.write(target);
      target.commit();
    }
    assertEquals("loaded Network", load(file, WEIGHTS));
  }

  /** Twice as wide as what is kept, compressed, with check sums, and shuffled: no second copy of a chunk is made. */
  @Test
  void aLegacyFileOfLargeChunks() throws Exception {
    String output = load(Path.of("testdata", "odd", "heavy.h5"), WEIGHTS);
    assertTrue(output.endsWith("loaded Network"), output);
  }

  @Test
  void aState() throws Exception {
    Path file = folder.resolve("all.state");
    Files.write(file, model().freeze().session(ROWS).state().toBytes());
    assertEquals("loaded State", load(file, 2L * ROWS * UNITS));
  }

  @Test
  void aCheckpoint() throws Exception {
    Path file = folder.resolve("model.ckpt");
    Sequential model = model();
    model.compile("adam", "mse");
    model.checkpoint(1).save(file);
    assertEquals("loaded Checkpoint", load(file, 3 * WEIGHTS));
  }
}
