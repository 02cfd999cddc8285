package dev.rill.training;

import dev.rill.io.ByteSource;
import dev.rill.io.SteadyFile;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a line an epoch, as Keras' {@code CSVLogger} does: the epoch from 0, then the figures of the first epoch by name;
 * without validation in that one, columns for it all the same, which hold NA until there is any. The file is whole after each
 * epoch. Whatever a name holds, it stays one column of one line: see {@link PlainText}.
 *
 * <p>Folders are made. A file that cannot be written is refused before training, or later ends it, by an {@link
 * UncheckedIOException}.
 */
public final class CsvLog extends Callback {
  private static final String EPOCH = "epoch";
  private static final String LINE_END = "\r\n";

  private final Path file;
  private final String separator;
  private final boolean append;
  /** The names in front of the last lines; empty for none. */
  private String header = "";
  private List<String> columns;
  /** How long the file is. */
  private long length;
  /** Whether the file may be longer, by lines of epochs behind the checkpoint that training goes on from. */
  private boolean ahead;

  /**
   * Writes a new file, in place of what is there, with commas.
   *
   * @param file where
   */
  public CsvLog(Path file) {
    this(file, ",", false);
  }

  /**
   * Writes a file.
   *
   * @param file where
   * @param separator between columns: one character or several that cannot be part of a number
   * @param append whether to go on with what is there; the names of columns are written if they are not those of its last lines
   * @throws RillException if the separator cannot be told from what it separates
   */
  public CsvLog(Path file, String separator, boolean append) {
    Require.given(file, "the path of a log");
    Require.given(separator, "the separator");
    if (separator.isEmpty() || separator.chars().anyMatch(c -> Character.isLetterOrDigit(c) || "+-.\"\r\n".indexOf(c) >= 0)) {
      throw new RillException("separator " + separator + ": expected one that is no part of a number, no quote and "
          + "no line break, such as , or ;");
    }
    this.file = file;
    this.separator = separator;
    this.append = append;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    columns = null;
    header = "";
    ahead = false;
    try {
      OutputFolder.make(file);
      if (run.resumed()) {
        return;
      }
      write("", StandardOpenOption.CREATE, append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
      if (append && Files.isRegularFile(file)) {
        goOn();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finds the names in front of the last lines, and ends a line that is cut off. */
  private void goOn() throws IOException {
    int last = '\n';
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        header = line.startsWith(EPOCH) ? line : header;
      }
    }
    try (ByteSource bytes = ByteSource.open(file)) {
      last = bytes.size() > 0 ? bytes.read(bytes.size() - 1, 1).get() : last;
    }
    if (last != '\n') {
      write(LINE_END, StandardOpenOption.APPEND);
    }
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    StringBuilder lines = new StringBuilder();
    if (columns == null) {
      columns = columns(logs);
      StringBuilder names = new StringBuilder(EPOCH);
      columns.forEach(column -> names.append(separator).append(quoted(PlainText.shown(column))));
      if (!header.contentEquals(names)) {
        header = names.toString();
        lines.append(header).append(LINE_END);
      }
    }
    lines.append(run.epoch());
    columns.forEach(column -> lines.append(separator).append(logs.has(column) ? number(logs.get(column)) : "NA"));
    write(lines.append(LINE_END).toString(), StandardOpenOption.APPEND);
  }

  @Override
  public CallbackState state() {
    CallbackState state = new CallbackState().put("length", length).put("header", header);
    for (int i = 0; columns != null && i < columns.size(); i++) {
      state.put("column " + i, columns.get(i));
    }
    return state;
  }

  @Override
  public void restore(CallbackState state) {
    length = (long) Require.given(state, "the state of a callback").number("length");
    header = state.text("header");
    for (int i = 0; state.has("column " + i); i++) {
      columns = columns == null ? new ArrayList<>() : columns;
      columns.add(state.text("column " + i));
    }
    try {
      if (length < 0 || Files.notExists(file) || Files.isRegularFile(file) && Files.size(file) < length) {
        throw new StateException("the log " + file + " does not hold the " + length
            + " bytes that the checkpoint goes on from: put the file back, or train without the checkpoint");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ahead = true;
  }

  @Override
  public void onEpochBegin(FitContext run) {
    cut();
  }

  @Override
  public void onTrainEnd(FitContext run, Logs logs) {
    cut();
  }

  /** Drops the lines of epochs that were not done when the checkpoint was made: they come again. */
  private void cut() {
    if (ahead && Files.isRegularFile(file)) {
      try (SteadyFile lines = SteadyFile.open(file, StandardOpenOption.WRITE)) {
        lines.truncate(length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    ahead = false;
  }

  private static List<String> columns(Logs logs) {
    List<String> names = new ArrayList<>(logs.names().stream().sorted().toList());
    if (names.stream().noneMatch(name -> name.startsWith("val_"))) {
      names.addAll(names.stream().map(name -> "val_" + name).toList());
    }
    return names;
  }

  private String quoted(String name) {
    return name.contains(separator) || name.contains("\"") ? "\"" + name.replace("\"", "\"\"") + "\"" : name;
  }

  private void write(String text, OpenOption... options) {
    OpenOption[] all = new OpenOption[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = StandardOpenOption.WRITE;
    try {
      Files.writeString(file, text, all);
      length = Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shortest decimal that reads back the same, as Python writes it; what the JDK writes differs among its versions. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String mantissa = shortest.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }
}
