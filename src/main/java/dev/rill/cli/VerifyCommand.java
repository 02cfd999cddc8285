package dev.rill.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Replays recorded runs of real Keras and says how far the numbers are apart. */
final class VerifyCommand implements Command {
  private static final Usage USAGE = new Usage("verify", "[--rtol R] [--atol A] CASE...",
      "replays recorded runs of real Keras and compares",
      List.of(new Option("--rtol", "R", "relative tolerance, instead of 1e-5 (1e-4 from the first training call on)"),
          new Option("--atol", "A", "absolute tolerance, instead of 2e-6 (1e-5 from the first training call on)")),
      """
      CASE is a folder with model.keras, calls.json and arrays.npz, or a folder of such folders. One line a case: its
      calls, the largest absolute and relative difference up to the first call that fails, and what differs there.
      Exit status 0 only if all pass.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) {
    Tolerance tolerance = new Tolerance(arguments.number("--atol", Double.NaN), arguments.number("--rtol", Double.NaN));
    List<Path> cases = new ArrayList<>();
    for (Path operand : arguments.operandPaths(1, Integer.MAX_VALUE)) {
      cases.addAll(cases(operand));
    }
    console.announceKernels();
    int width = cases.stream().mapToInt(folder -> String.valueOf(folder.getFileName()).length()).max().orElse(1);
    int passed = 0;
    for (Path folder : cases) {
      Verdict verdict = Replay.of(folder, tolerance);
      console.out().println(verdict.line(width));
      console.out().flush();
      passed += verdict.passed() ? 1 : 0;
    }
    console.out().println(passed + " passed, " + (cases.size() - passed) + " failed");
    return passed == cases.size() ? SUCCESS : FAILURE;
  }

  /** The folder itself, or all folders in it if there is a case among them; a broken case must not go unnoticed. */
  static List<Path> cases(Path folder) {
    if (Files.isDirectory(folder) && !RecordedCase.isCase(folder)) {
      try (Stream<Path> content = Files.list(folder)) {
        List<Path> folders = content.filter(Files::isDirectory).sorted().toList();
        if (folders.stream().anyMatch(RecordedCase::isCase)) {
          return folders;
        }
      } catch (IOException | UncheckedIOException e) {
        // Reading it as a case will fail in the same way, and say so on its line.
      }
    }
    return List.of(folder);
  }
}
