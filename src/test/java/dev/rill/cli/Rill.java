package dev.rill.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** One run of the command line, as a test sees it. */
record Rill(int status, String out, String err) {
  static final Path CASES = Path.of("testdata", "cases");

  static Rill run(Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(Arrays.stream(args).map(String::valueOf).toArray(String[]::new), stream(out), stream(err));
    return new Rill(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** The model file of a kept case. */
  static Path model(String name) {
    return CASES.resolve(name).resolve("model.keras");
  }
}
