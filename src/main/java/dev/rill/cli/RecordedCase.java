package dev.rill.cli;

import dev.rill.io.ByteSource;
import dev.rill.io.Json;
import dev.rill.io.NpyArray;
import dev.rill.io.Npz;
import dev.rill.tensor.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A recorded run of real Keras: a folder with a model file, the calls that were made, what went in and came out. */
final class RecordedCase {
  private static final String CALLS = "calls.json";

  private final Path folder;
  private final List<RecordedCall> calls;
  private final Map<String, NpyArray> arrays;

  private RecordedCase(Path folder, List<RecordedCall> calls, Map<String, NpyArray> arrays) {
    this.folder = folder;
    this.calls = calls;
    this.arrays = arrays;
  }

  /**
   * Reads a case, all but its model.
   *
   * @throws IOException if a file cannot be read
   * @throws FormatException if the content is not that of a case, an unknown field included
   */
  static RecordedCase read(Path folder) throws IOException {
    Path file = folder.resolve(CALLS);
    CallsReader reader;
    try (ByteSource source = ByteSource.open(file)) {
      reader = CallsReader.read(Json.parseObject(source, CALLS));
    }
    Map<String, NpyArray> arrays = new HashMap<>();
    try (Npz npz = Npz.open(folder.resolve("arrays.npz"))) {
      for (String name : reader.arrays()) {
        arrays.put(name, npz.array(name));
      }
    }
    return new RecordedCase(folder, reader.calls(), arrays);
  }

  /** Whether a folder looks like a case. */
  static boolean isCase(Path folder) {
    return Files.exists(folder.resolve(CALLS));
  }

  Path model() {
    return folder.resolve("model.keras");
  }

  List<RecordedCall> calls() {
    return calls;
  }

  /** An array that a call names. */
  NpyArray array(String name) {
    return arrays.get(name);
  }
}
