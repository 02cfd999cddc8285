package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.AtomicFile;
import dev.rill.io.NpyArray;
import dev.rill.io.Npy;
import dev.rill.io.ZipArchive;
import dev.rill.io.ZipWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file says reaches the terminal as text and as nothing else. */
class ShownTextTest {
  /** Clears the screen, rings, turns the direction, begins a line: as JSON has it. */
  private static final String EVIL = "\\u001b[2J\\u0007\\u202e\\u009b\\nrill: fine";

  @TempDir
  private Path folder;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectories(folder.resolve("case")).resolve("model.keras");
    try (ZipArchive from = ZipArchive.open(Rill.model("seed_windows")); ZipWriter to = ZipWriter.create(model)) {
      for (String name : from.names()) {
        byte[] content = from.bytes(name, 1 << 20);
        if (name.equals("config.json")) {
          String config = new String(content, StandardCharsets.UTF_8);
          content = config.replaceAll("(\"name\": ?\")(?=lstm|dense|input|sequential|functional)",
              "$1" + EVIL.replace("\\", "\\\\")).getBytes(StandardCharsets.UTF_8);
          assertTrue(content.length > config.length());
        }
        to.begin(name);
        to.write(ByteBuffer.wrap(content));
      }
      to.commit();
    }
  }

  private static void assertPlain(Rill run, int lines) {
    String text = run.out() + run.err();
    // A low line stands in the name for what Keras 3 does not take; what turns the direction is shown by its number.
    assertTrue(text.contains("_[2J_\\u202e__rill"), text);
    assertTrue(text.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c) || Character.getType(c) == Character.FORMAT), text);
    assertEquals(lines, text.lines().count(), text);
  }

  @Test
  void aSummaryIsPlain() {
    Rill run = Rill.run("summary", model);
    assertEquals(0, run.status(), run.err());
    assertPlain(run, 13);
  }

  @Test
  void errorsArePlain() throws IOException {
    Path x = folder.resolve("x.npy");
    Npy.write(x, NpyArray.of(new float[1], 1));
    assertPlain(Rill.run("predict", model, x, "-o", folder.resolve("y.npy")), 1);
  }

  @Test
  void verdictsArePlain() throws IOException {
    Files.copy(Rill.CASES.resolve("seed_windows/arrays.npz"), folder.resolve("case/arrays.npz"));
    try (AtomicFile calls = AtomicFile.create(folder.resolve("case/calls.json"))) {
      String text = Files.readString(Rill.CASES.resolve("seed_windows/calls.json"));
      calls.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      calls.commit();
    }
    assertPlain(Rill.run("verify", folder.resolve("case")), 5);
  }
}
