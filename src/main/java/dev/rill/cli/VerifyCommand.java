package dev.rill.cli;

import dev.rill.Model;
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

/** Replays recorded runs of real Keras, or one prediction, and says how far the numbers are apart. */
final class VerifyCommand implements Command {
  private static final Usage USAGE = new Usage("verify",
      "[--rtol R] [--atol A] [--weights P] [--threads N] CASE... | MODEL IN EXPECTED",
      "compares with what Keras gave: recorded cases, or one prediction",
      List.of(new Option("--rtol", "R", "relative tolerance, instead of 1e-5 (1e-4 from the first training call on)"),
          new Option("--atol", "A", "absolute tolerance, instead of 2e-6 (1e-5 from the first training call on)"),
          new Option("--weights", "P", "keep weights as bf16 or int8 and measure the error; float32 if not given"),
          new Option("--threads", "N", "threads that train and predict, 1 if not given; no figure depends on it")),
      """
      CASE is a folder with model.keras, calls.json and arrays.npz (src/docs/record_case.py makes one of your model), or a
      folder of such folders. MODEL is a model file, IN an array of inputs and EXPECTED what Keras predicted for it (.npy,
      .npz or .csv): each row is a stream that begins at zero.

      One line for a case or an output, with the difference that is the largest share of what is allowed, and beside it
      what is allowed there: A + R times the size of the expected number. Below a failure stands the first number that
      differs by more. Exit status 0 only if all pass.

      With --weights bf16 or int8 only predictions before any training are compared, no finite difference is a failure,
      and the last line has the largest and the median difference of what passes.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    Tolerance tolerance = new Tolerance(arguments.number("--atol", Double.NaN), arguments.number("--rtol", Double.NaN));
    Precision precision = arguments.precision("--weights");
    boolean reduced = precision != Precision.FLOAT32;
    if (reduced && (arguments.has("--atol") || arguments.has("--rtol"))) {
      throw new UsageException("--weights " + arguments.text("--weights") + " measures the error: leave out --atol and --rtol");
    }
    How how = new How(tolerance, precision, DaemonThreads.of(arguments.count("--threads", 1)));
    List<Path> operands = arguments.operandPaths(1, Integer.MAX_VALUE);
    List<Verdict> verdicts = Files.isRegularFile(operands.get(0)) ? prediction(operands, how, console) : cases(operands, how, console);
    long passed = verdicts.stream().filter(Verdict::passed).count();
    String errors = reduced ? errors(precision, verdicts) : "";
    console.out().println(passed + " passed, " + (verdicts.size() - passed) + " failed" + errors);
    return passed == verdicts.size() ? SUCCESS : FAILURE;
  }

  /** How is compared. */
  private record How(Tolerance tolerance, Precision precision, TrainingThreads threads) {
    boolean reduced() {
      return precision != Precision.FLOAT32;
    }
  }

  private static List<Verdict> cases(List<Path> operands, How how, Console console) {
    List<Path> cases = new ArrayList<>();
    for (Path operand : operands) {
      cases.addAll(cases(operand));
    }
    console.announceKernels();
    List<Verdict> verdicts = new ArrayList<>();
    console.out().print(head(how, "calls", "case"));
    for (Path folder : cases) {
      console.progress((verdicts.size() + 1) + "/" + cases.size() + " " + folder.getFileName());
      Verdict verdict = how.reduced() ? Replay.of(folder, how.precision, how.threads) : Replay.of(folder, how.tolerance, how.threads);
      show(verdict, how, console);
      verdicts.add(verdict);
    }
    return verdicts;
  }

  private static List<Verdict> prediction(List<Path> operands, How how, Console console) throws IOException {
    if (operands.size() != 3) {
      throw new UsageException("expected MODEL IN EXPECTED behind a model file, got " + operands.size() + " operand"
          + (operands.size() == 1 ? "" : "s") + "; a recorded case is a folder");
    }
    Model model = Model.load(operands.get(0));
    model.predictWith(how.precision);
    console.announceKernels();
    Tolerance allowed = how.reduced() ? new Tolerance(Double.POSITIVE_INFINITY, 0) : how.tolerance.resolve(false);
    List<Verdict> verdicts = PredictionCheck.of(model, operands.get(1), operands.get(2), allowed, how.threads);
    console.out().print(head(how, "numbers", "output"));
    for (Verdict verdict : verdicts) {
      show(verdict, how, console);
    }
    return verdicts;
  }

  private static String head(How how, String count, String name) {
    return how.reduced() ? Verdict.head(count, "absolute", "relative", name) : Verdict.head(count, "differs by", "allowed", name);
  }

  private static void show(Verdict verdict, How how, Console console) {
    console.out().print(how.reduced() ? verdict.lineOfErrors(console) : verdict.line(console));
    console.out().flush();
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
