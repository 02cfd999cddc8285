package dev.rill.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a line an epoch, as Keras' {@code CSVLogger} does: the epoch from 0, then the figures of the first epoch by name;
 * without validation in that one, columns for it all the same, which hold NA until there is any. The file is whole after each
 * epoch.
 *
 * <p>A file that cannot be written ends training by an {@link UncheckedIOException}.
 */
public final class CsvLog extends Callback {
  private final Path file;
  private final String separator;
  private final boolean append;
  private List<String> columns;
  private boolean header;

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
   * @param separator between columns
   * @param append whether to go on with what is there; names of columns are written only to an empty file
   */
  public CsvLog(Path file, String separator, boolean append) {
    this.file = file;
    this.separator = separator;
    this.append = append;
  }

  @Override
  public void onTrainBegin(FitContext run) {
    columns = null;
    try {
      header = !append || Files.notExists(file) || Files.size(file) == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write("", StandardOpenOption.CREATE, append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
  }

  @Override
  public void onEpochEnd(FitContext run, Logs logs) {
    StringBuilder lines = new StringBuilder();
    if (columns == null) {
      columns = columns(logs);
      if (header) {
        lines.append("epoch");
        columns.forEach(column -> lines.append(separator).append(quoted(column)));
        lines.append("\r\n");
      }
    }
    lines.append(run.epoch());
    columns.forEach(column -> lines.append(separator).append(logs.has(column) ? number(logs.get(column)) : "NA"));
    write(lines.append("\r\n").toString(), StandardOpenOption.APPEND);
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
