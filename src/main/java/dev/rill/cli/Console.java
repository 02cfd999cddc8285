package dev.rill.cli;

import dev.rill.charts.LiveChart;
import dev.rill.kernels.KernelChoice;
import dev.rill.tensor.PlainText;
import dev.rill.training.Progress;
import java.io.PrintStream;

/**
 * Where a command writes: the result to standard output, anything else to standard error. On a terminal it also shows
 * what is going on, in a line of standard error that is wiped out before anything else is written, and colours.
 */
final class Console {
  private static final long REFRESH_NANOS = 100_000_000;

  private final PrintStream out;
  private final PrintStream err;
  /** Null until somebody asks the process: finding out takes time. */
  private Boolean terminal;
  private boolean announced;
  private int shown;
  private long shownAt;

  /**
   * A place to write.
   *
   * @param terminal whether it is a terminal, or null for whether the process has one
   */
  Console(PrintStream out, PrintStream err, Boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  private boolean terminal() {
    if (terminal == null) {
      terminal = Progress.onTerminal();
    }
    return terminal;
  }

  PrintStream out() {
    wipe();
    return out;
  }

  /** Writes one line of ours to standard error, whatever a file has put into the message. */
  void error(String message) {
    wipe();
    err.println("rill: " + PlainText.shown(message.strip()));
  }

  /** Says what takes time now, until something else is written. Too many in a tenth of a second are left out. */
  void progress(String what) {
    long now = System.nanoTime();
    if (!terminal() || shown > 0 && now - shownAt < REFRESH_NANOS) {
      return;
    }
    wipe();
    String line = PlainText.shown(what);
    line = line.length() < Lines.WIDTH ? line : line.substring(0, Lines.WIDTH - 1);
    err.print(line);
    err.flush();
    shown = line.length();
    shownAt = now;
  }

  private void wipe() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }

  /** Who shows how training goes. */
  Progress training() {
    return new Progress(err, terminal(), System::nanoTime);
  }

  /** Who draws how the loss falls. */
  LiveChart chart() {
    return new LiveChart(err, terminal());
  }

  /** A verdict, green or red on a terminal unless the environment has NO_COLOR. */
  String coloured(String verdict, boolean good) {
    return terminal() && System.getenv("NO_COLOR") == null ? "\u001b[" + (good ? 32 : 31) + "m" + verdict + "\u001b[0m" : verdict;
  }

  /** Says, once, that SIMD does not run although nobody asked for that. Called when the model has been read. */
  void announceKernels() {
    boolean asked = "scalar".equals(System.getProperty("rill.kernels"));
    if (!announced && !asked && !KernelChoice.simd() && KernelChoice.problem() == null) {
      error("kernels: " + KernelChoice.describe());
    }
    announced = true;
  }
}
