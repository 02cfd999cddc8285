package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a file sink has committed. */
final class Committed {
  private Committed() {}

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    while (true) {
      try (Stream<Path> files = Files.walk(folder)) {
        return files.filter(each -> each.getFileName().toString().startsWith("part-")).toList();
      } catch (UncheckedIOException e) {
        // One has just been committed, under its new name: look again.
        continue;
      }
    }
  }

  /** Bytes of all of it: says cheaply whether there is more. */
  static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** Lines by the number they begin with; none may be there twice. */
  static Map<Long, String> lines(Path folder) throws IOException {
    Map<Long, String> lines = new HashMap<>();
    for (Path file : files(folder)) {
      for (String line : Files.readAllLines(file)) {
        assertNull(lines.put(Long.parseLong(line.substring(0, line.indexOf(' '))), line), "committed twice");
      }
    }
    return lines;
  }
}
