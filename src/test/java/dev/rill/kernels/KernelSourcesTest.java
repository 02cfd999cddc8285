package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.OnceIsEnough;
import dev.rill.kernels.generator.KernelSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The SIMD kernels are what the generator writes, all of them. */
@OnceIsEnough
class KernelSourcesTest {
  private static final Path FOLDER = Path.of("src", "main", "java", "dev", "rill", "kernels");
  /** What chooses among them; it copies starting values by vectors. */
  private static final Path CHOOSES = FOLDER.resolve("VectorMatmul.java");

  @Test
  void everyFileIsWhatTheGeneratorWrites() throws IOException {
    for (Map.Entry<Path, String> file : KernelSources.files().entrySet()) {
      assertEquals(file.getValue(), Files.readString(file.getKey()), file.getKey() + " is written by KernelSources: run that");
    }
  }

  @Test
  void noOtherFileComputesByVectors() throws IOException {
    Set<Path> found = new TreeSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        if (Files.readString(file).contains("FloatVector.")) {
          found.add(file);
        }
      }
    }
    Set<Path> expected = new TreeSet<>(KernelSources.files().keySet());
    expected.add(CHOOSES);
    assertEquals(expected, found);
  }
}
