package dev.rill.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** The inputs that a fuzzer starts from: {@code testdata/fuzz/NAME.zip}, one file for hundreds of a few bytes. */
final class Corpus {
  private static final Path KEPT = Path.of("testdata", "fuzz");

  private Corpus() {}

  /** Puts the kept inputs into a folder, beside what is there. */
  static void unpack(String name, Path folder) throws IOException {
    Path file = KEPT.resolve(name + ".zip");
    if (!Files.exists(file)) {
      return;
    }
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.write(folder.resolve(Path.of(entry.getName()).getFileName()), zip.readAllBytes());
      }
    }
  }

  /** Keeps the inputs of a folder instead of those that were kept. */
  static void pack(String name, Path folder) throws IOException {
    List<Path> inputs;
    try (Stream<Path> files = Files.list(folder)) {
      inputs = files.sorted().toList();
    }
    Files.createDirectories(KEPT);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(KEPT.resolve(name + ".zip")))) {
      for (int i = 0; i < inputs.size(); i++) {
        ZipEntry entry = new ZipEntry(Integer.toString(i));
        entry.setLastModifiedTime(FileTime.fromMillis(0));
        zip.putNextEntry(entry);
        zip.write(Files.readAllBytes(inputs.get(i)));
      }
    }
  }
}
