package dev.rill.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder for the files of one process, in memory where there is such a place. */
final class Scratch {
  private static final Path FOLDER = folder();

  private Scratch() {}

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  static Path write(String name, byte[] content) throws IOException {
    return Files.write(file(name), content);
  }

  private static Path folder() {
    Path memory = Path.of("/dev/shm");
    try {
      Path folder = Files.isWritable(memory) ? Files.createTempDirectory(memory, "rill") : Files.createTempDirectory("rill");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      System.err.println(folder + " stays: " + e);
    }
  }
}
