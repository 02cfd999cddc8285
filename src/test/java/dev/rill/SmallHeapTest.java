package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.AtomicFile;
import dev.rill.keras.hdf5.Hdf5Writer;
import dev.rill.tensor.RillException;
import dev.rill.training.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read where an application holds most of a small heap and has threads that want some of the rest. */
@OnceIsEnough
class SmallHeapTest {
  private static final int HEAP_MB = 64;
  private static final int[] HELD_PERCENT = {0, 50, 75, 80};

  @TempDir
  private Path folder;

  /** A process of its own: fills a part of the heap and loads files, one line each. */
  static final class Loader {
    private static volatile Object kept;
    private static volatile Object seen;
    private static volatile String others = "fine";

    public static void main(String[] files) throws Exception {
      Thread other = new Thread(Loader::allocate);
      other.setDaemon(true);
      other.start();
      for (int percent : HELD_PERCENT) {
        List<byte[]> held = new ArrayList<>();
        for (long left = Runtime.getRuntime().maxMemory() * percent / 100; left > 0; left -= 1 << 16) {
          held.add(new byte[1 << 16]);
        }
        kept = held;
        for (String file : files) {
          System.out.println(percent + " " + Path.of(file).getFileName() + " " + outcome(Path.of(file)) + " others " + others);
        }
        kept = null;
      }
    }

    private static String outcome(Path file) throws IOException {
      try {
        if (file.toString().endsWith(".ckpt")) {
          Checkpoint.load(file);
        } else {
          Network.load(file);
        }
        return "loaded";
      } catch (RillException e) {
        return e.getMessage().endsWith("raise -Xmx") && e.getClass() != RillException.class ? e.toString() : "refused";
      } catch (OutOfMemoryError e) {
        return e.toString();
      }
    }

    private static void allocate() {
      try {
        while (true) {
          seen = new byte[1 << 16];
          Thread.sleep(1);
        }
      } catch (OutOfMemoryError | InterruptedException e) {
        others = e.toString();
      }
    }
  }

  private static final String HEAD = "{\"class_name\": \"Sequential\", \"x\": ";

  private static String config(String head, String repeated, int times, String tail) {
    return HEAD + head + repeated.repeat(times) + tail;
  }

  /** One object of many members, whose table grows by doubling. */
  private static String members(int count) {
    StringBuilder config = new StringBuilder(HEAD).append("{\"0\":0");
    for (int i = 1; i < count; i++) {
      config.append(",\"").append(i).append("\":0");
    }
    return config.append("}}").toString();
  }

  /** An archive that is small, and large when it is unpacked. */
  private Path archive(String name, String config, int weightMegabytes) throws IOException {
    Path file = folder.resolve(name + ".keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(new ZipEntry("config.json"));
      zip.write(config.getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      zip.write(Files.readAllBytes(Path.of("testdata/files/stack.h5")));
      for (int i = 0; i < weightMegabytes; i++) {
        zip.write(new byte[1 << 20]);
      }
    }
    return file;
  }

  /** A legacy file, whose configuration is an attribute. */
  private Path legacy(String name, String config) throws IOException {
    Path file = folder.resolve(name + ".h5");
    Hdf5Writer content = new Hdf5Writer();
    content.attribute("/", "model_config", config);
    try (AtomicFile target = AtomicFile.create(file)) {
      content.write(target);
      target.commit();
    }
    return file;
  }

  /** A checkpoint of one long line, or of weights. */
  private Path checkpoint(String name, int bytes, boolean line) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(88 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C structure = new CRC32C();
    byte[] text = line ? new byte[bytes] : new byte[0];
    structure.update(text);
    structure.update('\n');
    content.put("RILLCKPT".getBytes(StandardCharsets.US_ASCII)).putInt(2).putInt((int) structure.getValue()).putInt(1);
    content.putInt(text.length).put(text).putInt(0).putInt(0).putInt(0).putLong(0).putInt(0).putInt(0).putLong(0).putLong(0);
    content.putLong(content.remaining() / 4 - 5);
    CRC32C whole = new CRC32C();
    whole.update(content.array(), 0, content.capacity() - 4);
    content.putInt(content.capacity() - 4, (int) whole.getValue());
    return Files.write(folder.resolve(name + ".ckpt"), content.array());
  }

  private static String run(List<Path> files, String... options) {
    List<String> arguments = new ArrayList<>(List.of("-Xmx" + HEAP_MB + "m", "-Drill.warmup=off", "-cp",
        Jvm.classPath(Network.class, Loader.class)));
    arguments.addAll(List.of(options));
    arguments.add(Loader.class.getName());
    files.forEach(file -> arguments.add(file.toString()));
    return Jvm.run(arguments);
  }

  @Test
  void whatDoesNotFitIsRefusedWhileOthersHaveRoom() throws Exception {
    List<Path> files = List.of(
        Path.of("testdata/files/stack_deflated.keras"),
        archive("blanks", config("\"\ud83d\ude00\"", " ", 7 << 20, "}"), 0),
        archive("text", config("\"\ud83d\ude00", "a", 7 << 20, "\"}"), 0),
        archive("escapes", config("\"\\n\ud83d\ude00", "a", 7 << 20, "\"}"), 0),
        archive("numbers", config("[0", ",0", 3 << 20, "]}"), 0),
        archive("objects", config("[{}", ",{\"a\":[1]}", 600 << 10, "]}"), 0),
        archive("members", members(400_000), 0),
        archive("tooLarge", config("\"\"", " ", 40 << 20, "}"), 0),
        archive("weights", config("\"\"", "", 0, "}"), 30),
        legacy("blanks", config("\"\ud83d\ude00\"", " ", 7 << 20, "}")),
        legacy("text", config("\"\ud83d\ude00", "a", 7 << 20, "\"}")),
        legacy("members", members(200_000)),
        legacy("tooLarge", config("\"\"", " ", 20 << 20, "}")),
        checkpoint("line", 20 << 20, true),
        checkpoint("weights", 40 << 20, false));
    String output = run(files);
    List<String> lines = output.lines().filter(line -> line.matches("\\d+ .*")).toList();
    assertEquals(HELD_PERCENT.length * files.size(), lines.size(), output);
    for (String line : lines) {
      assertTrue(line.matches("\\d+ \\S+ (loaded|refused) others fine"), output);
    }
    for (int percent : HELD_PERCENT) {
      assertTrue(lines.contains(percent + " stack_deflated.keras loaded others fine"), output);
    }
  }

  @Test
  void garbageDoesNotCountWhereTheJvmDoesNotCollectWhenAsked() throws Exception {
    Path file = checkpoint("weights", 40 << 20, false);
    String output = run(List.of(file, file, file), "-XX:+DisableExplicitGC");
    assertTrue(output.startsWith("0 weights.ckpt loaded others fine\n".repeat(3)), output);
  }
}
