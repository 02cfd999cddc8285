package dev.rill.cli;

import dev.rill.tensor.RillException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/** The command line. */
public final class Main {
  private static final List<String> COMMANDS = List.of("summary", "predict", "verify", "train", "trace", "curves", "judge", "bench", "demo");

  private Main() {}

  /**
   * Runs a command and ends the process with its exit status.
   *
   * @param args the command and what belongs to it
   */
  public static void main(String[] args) {
    // Tables have characters that the platform's own encoding may lack.
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(run(args, new Console(out, err, null)));
  }

  /** Runs a command; returns its exit status. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    return run(args, new Console(out, err, false));
  }

  private static int run(String[] args, Console console) {
    int status;
    try {
      status = dispatch(Arrays.asList(args), console);
    } catch (UsageException e) {
      boolean known = args.length > 0 && find(args[0]) != null;
      console.error(e.getMessage() + " (see rill " + (known ? args[0] + " " : "") + "--help)");
      status = Command.MISUSE;
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      console.error(reason(e));
      status = Command.FAILURE;
    }
    if (console.out().checkError() && status == Command.SUCCESS) {
      console.error("standard output could not be written");
      return Command.FAILURE;
    }
    return status;
  }

  private static int dispatch(List<String> args, Console console) throws IOException {
    if (args.isEmpty()) {
      throw new UsageException("expected a command: " + String.join(", ", COMMANDS));
    }
    String first = args.get(0);
    if (first.equals("help") && args.size() == 2 && find(args.get(1)) != null) {
      console.out().print(find(args.get(1)).usage().help());
      return Command.SUCCESS;
    }
    boolean help = first.equals("help") || asksForHelp(first);
    if (help || first.equals("--version")) {
      if (args.size() > 1) {
        throw new UsageException(first + (first.equals("help") ? ": expected a command, got " : " stands alone, got ")
            + args.get(1));
      }
      console.out().print(help ? help() : "rill " + version() + "\n");
      return Command.SUCCESS;
    }
    Command command = find(first);
    if (command == null) {
      throw new UsageException((first.startsWith("-") ? "unknown option " : "unknown command ") + first
          + "; expected a command: " + String.join(", ", COMMANDS));
    }
    List<String> rest = args.subList(1, args.size());
    if (asksForHelp(rest)) {
      console.out().print(command.usage().help());
      return Command.SUCCESS;
    }
    return command.run(Arguments.parse(command.usage(), rest), console);
  }

  private static boolean asksForHelp(String word) {
    return word.equals("--help") || word.equals("-h");
  }

  private static boolean asksForHelp(List<String> words) {
    for (String word : words) {
      if (word.equals("--")) {
        return false;
      }
      if (asksForHelp(word)) {
        return true;
      }
    }
    return false;
  }

  /** The command of this name, or null; only that one is loaded, so that a short run starts quickly. */
  private static Command find(String name) {
    return switch (name) {
      case "summary" -> new SummaryCommand();
      case "predict" -> new PredictCommand();
      case "trace" -> new TraceCommand();
      case "curves" -> new CurvesCommand();
      case "judge" -> new JudgeCommand();
      case "verify" -> new VerifyCommand();
      case "train" -> new TrainCommand();
      case "bench" -> new BenchCommand();
      case "demo" -> new DemoCommand();
      default -> null;
    };
  }

  private static String help() {
    StringBuilder help = new StringBuilder("rill COMMAND ...\n\nStateful recurrent networks with Keras' numbers.\n\n");
    for (String command : COMMANDS) {
      help.append(Usage.line(command, find(command).usage().purpose()));
    }
    help.append(Usage.line("help [COMMAND]", "this text, or all about a command (also -h, --help)"));
    help.append(Usage.line("--version", "the version"));
    help.append("\nKernels: -Drill.kernels=auto|scalar|128|256|512 before -m or -jar.\n");
    return help.append("Exit status: 0 success, 1 failure, 2 misuse.\n").toString();
  }

  /** From the module or, on the class path, from the JAR's manifest. */
  private static String version() {
    ModuleDescriptor module = Main.class.getModule().getDescriptor();
    String version = module == null ? Main.class.getPackage().getImplementationVersion()
        : module.rawVersion().orElse(null);
    return version == null ? "(not run from its JAR)" : version;
  }

  /** One line for a user; only a fault of ours names code. */
  static String reason(Throwable e) {
    if (e instanceof RillException) {
      return e.getMessage();
    }
    if (e instanceof UncheckedIOException unchecked) {
      return reason(unchecked.getCause());
    }
    if (e instanceof NoSuchFileException missing && missing.getReason() == null) {
      return "there is no file " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied && denied.getReason() == null) {
      return "access to " + denied.getFile() + " is denied";
    }
    if (e instanceof FileSystemException || e instanceof IOException && e.getMessage() != null) {
      return e.getMessage();
    }
    if (e instanceof OutOfMemoryError) {
      return "out of memory with a heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB: raise -Xmx";
    }
    StackTraceElement[] trace = e.getStackTrace();
    return "internal error, please report: " + e + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
