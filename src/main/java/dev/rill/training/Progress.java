package dev.rill.training;

import dev.rill.tensor.PlainText;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how training goes: a live bar with the time that is left, or a line an epoch. It is a callback like any other; {@link
 * Fit#progress} puts another in its place. Validation inside {@code fit} shows in the line of its epoch, as in Keras.
 */
public final class Progress extends Callback {
  private static final int WIDTH = 20;
  private static final int COLUMNS = 80;
  private static final long REFRESH_NANOS = 50_000_000;

  private final PrintStream out;
  private final boolean live;
  private final LongSupplier clock;
  private long begin;
  private long afterFirst;
  private long shown;
  private int lastLength;

  /**
   * Shows progress.
   *
   * @param out where
   * @param live whether a line can be written over: a bar that moves, or else a line an epoch
   * @param clock the time in nanoseconds, such as {@code System::nanoTime}
   */
  public Progress(PrintStream out, boolean live, LongSupplier clock) {
    this.out = out;
    this.live = live;
    this.clock = clock;
  }

  /**
   * What {@code fit} shows unless told otherwise, on standard output.
   *
   * @param verbosity 1 for a bar if the process has a terminal and a line an epoch if not, 2 for a line an epoch
   * @return a callback
   */
  public static Progress standard(int verbosity) {
    return new Progress(System.out, verbosity == 1 && onTerminal(), System::nanoTime);
  }

  /**
   * Whether the process reads from and writes to a terminal.
   *
   * @return true if a line can be written over
   */
  public static boolean onTerminal() {
    Console console = System.console();
    try {
      // From JDK 22 on there may be a console without a terminal, and a method that tells.
      return console != null && (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  @Override
  public void onEpochBegin(FitContext run) {
    if (live && run.epochs() > 1) {
      out.println(title(run));
    }
    start();
  }

  @Override
  public void onTrainBatchEnd(FitContext run, Logs logs) {
    update(run, logs);
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    finish(run, logs, run.epochs() > 1 ? title(run) + " - " : "");
  }

  @Override
  public void onTestBegin(FitContext run) {
    if (!run.training()) {
      start();
    }
  }

  @Override
  public void onTestBatchEnd(FitContext run, Logs logs) {
    if (!run.training()) {
      update(run, logs);
    }
  }

  @Override
  public void onTestEnd(FitContext run, Logs logs) {
    if (!run.training()) {
      finish(run, logs, "");
    }
  }

  private static String title(FitContext run) {
    return "Epoch " + (run.epoch() + 1) + "/" + run.epochs();
  }

  private void start() {
    begin = clock.getAsLong();
    shown = begin - REFRESH_NANOS;
    lastLength = 0;
  }

  private void update(FitContext run, Logs logs) {
    long now = clock.getAsLong();
    int done = run.batch() + 1;
    if (done == 1) {
      afterFirst = now;
    }
    if (live && now - shown >= REFRESH_NANOS) {
      shown = now;
      double step = step(done, now);
      String line = bar(run, done) + " " + left(step * (run.batches() - done)) + " " + each(step) + figures(logs);
      // A line that wraps cannot be written over.
      overwrite(line.substring(0, Math.min(line.length(), COLUMNS - 1)));
      out.flush();
    }
  }

  private void finish(FitContext run, Logs logs, String title) {
    long now = clock.getAsLong();
    int done = run.batch() + 1;
    String rest = String.format(Locale.ROOT, "%.0fs", (now - begin) * 1e-9) + " " + each(step(done, now)) + figures(logs);
    if (live) {
      overwrite(bar(run, done) + " " + rest);
      out.println();
    } else {
      out.println(title + run.batches() + "/" + run.batches() + " - " + rest);
    }
  }

  /** Seconds a batch; the first one, which may wait for compilers, is left out once there is another. */
  private double step(int done, long now) {
    return (done > 1 ? (double) (now - afterFirst) / (done - 1) : now - begin) * 1e-9;
  }

  private void overwrite(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
    lastLength = line.length();
  }

  private static String bar(FitContext run, int done) {
    String count = String.valueOf(run.batches());
    String number = String.valueOf(done);
    int filled = (int) ((long) WIDTH * done / run.batches());
    return " ".repeat(count.length() - number.length()) + number + "/" + count + " [" + "=".repeat(filled)
        + ".".repeat(WIDTH - filled) + "]";
  }

  private static String left(double seconds) {
    long s = (long) seconds;
    return s > 3600 ? String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s % 3600 / 60, s % 60)
        : s > 60 ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60) : s + "s";
  }

  private static String each(double seconds) {
    return seconds >= 1 ? String.format(Locale.ROOT, "%.0fs/step", seconds)
        : seconds >= 1e-3 ? String.format(Locale.ROOT, "%.0fms/step", seconds * 1e3)
        : String.format(Locale.ROOT, "%.0fus/step", seconds * 1e6);
  }

  private static String figures(Logs logs) {
    StringBuilder text = new StringBuilder();
    for (String name : logs.names()) {
      double value = logs.get(name);
      String form = Math.abs(value) > 1e-3 ? "%.4f" : "%.4e";
      text.append(" - ").append(PlainText.shown(name)).append(": ").append(String.format(Locale.ROOT, form, value));
    }
    return text.toString();
  }
}
