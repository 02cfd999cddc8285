package dev.rill.cli;

import dev.rill.tensor.PlainText;
import dev.rill.tensor.Precision;
import dev.rill.training.TrainingThreads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Replays recorded runs of real Keras and says how far the numbers are apart. */
final class VerifyCommand implements Command {
  private static final Usage USAGE = new Usage("verify", "[--rtol R] [--atol A] [--weights P] [--threads N] CASE...",
      "replays recorded runs of real Keras and compares",
      List.of(new Option("--rtol", "R", "relative tolerance, instead of 1e-5 (1e-4 from the first training call on)"),
          new Option("--atol", "A", "absolute tolerance, instead of 2e-6 (1e-5 from the first training call on)"),
          new Option("--weights", "P", "keep weights as bf16 or int8 and measure the error; float32 if not given"),
          new Option("--threads", "N", "threads that train and predict, 1 if not given; no figure depends on it")),
      """
      CASE is a folder with model.keras, calls.json and arrays.npz, or a folder of such folders. One line a case: its
      calls, the largest absolute and relative difference up to the first call that fails, and what differs there.
      Exit status 0 only if all pass. With --weights bf16 or int8 only predictions before any training are replayed, no
      finite difference is a failure, and the last line has the largest and the median difference of the cases that pass.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) {
    Tolerance tolerance = new Tolerance(arguments.number("--atol", Double.NaN), arguments.number("--rtol", Double.NaN));
    Precision precision = arguments.precision("--weights");
    boolean reduced = precision != Precision.FLOAT32;
    if (reduced && (arguments.has("--atol") || arguments.has("--rtol"))) {
      throw new UsageException("--weights " + arguments.text("--weights") + " measures the error: leave out --atol and --rtol");
    }
    TrainingThreads threads = DaemonThreads.of(arguments.count("--threads", 1));
    List<Path> cases = new ArrayList<>();
    for (Path operand : arguments.operandPaths(1, Integer.MAX_VALUE)) {
      cases.addAll(cases(operand));
    }
    console.announceKernels();
    int width = cases.stream().mapToInt(folder -> PlainText.shown(String.valueOf(folder.getFileName())).length()).max().orElse(1);
    List<Verdict> verdicts = new ArrayList<>();
    for (Path folder : cases) {
      Verdict verdict = reduced ? Replay.of(folder, precision, threads) : Replay.of(folder, tolerance, threads);
      console.out().println(verdict.line(width));
      console.out().flush();
      verdicts.add(verdict);
    }
    long passed = verdicts.stream().filter(Verdict::passed).count();
    String errors = reduced ? errors(precision, verdicts) : "";
    console.out().println(passed + " passed, " + (cases.size() - passed) + " failed" + errors);
    return passed == cases.size() ? SUCCESS : FAILURE;
  }

  /** What weights of less precision cost, over all cases that passed and in which something was compared. */
  private static String errors(Precision precision, List<Verdict> verdicts) {
    List<Verdict> passed = verdicts.stream().filter(Verdict::passed).toList();
    return "; " + precision + " weights against float32: absolute " + error(passed.stream().mapToDouble(Verdict::largestAbsolute))
        + ", relative " + error(passed.stream().mapToDouble(Verdict::largestRelative));
  }

  private static String error(DoubleStream differences) {
    double[] sorted = differences.filter(difference -> difference == difference).sorted().toArray();
    return sorted.length == 0 ? "-"
        : String.format(Locale.ROOT, "largest %.2e, median %.2e", sorted[sorted.length - 1], sorted[sorted.length / 2]);
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
