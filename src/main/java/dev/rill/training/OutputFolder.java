package dev.rill.training;

import dev.rill.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folders of the files that callbacks write. */
final class OutputFolder {
  private OutputFolder() {}

  /** Makes the folder of a file, and those above it, if it is missing. */
  static void make(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    // Not at all where there is one, because JDK 17 takes a link to a folder for a file that is in the way.
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
  }

  /** Makes it and tries, without a trace, whether a file can be put there. */
  static void check(Path file) throws IOException {
    make(file);
    AtomicFile.create(file).close();
  }
}
