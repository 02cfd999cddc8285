package dev.rill.cli;

import dev.rill.io.AtomicFile;
import dev.rill.io.ByteSource;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A table of numbers: lines of equally many fields between commas, semicolons, tabs or blanks. A first line in which some field is
 * no number has the names of the columns.
 *
 * @param columns names; the number of the column, from 0, where the file has none
 * @param values [lines][columns], rounded from doubles as numpy does
 */
record CsvTable(List<String> columns, float[] values) {
  private static final Pattern NUMBER = Pattern.compile("[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|nan|inf|infinity)",
      Pattern.CASE_INSENSITIVE);

  int lines() {
    return values.length / columns.size();
  }

  /**
   * Reads a file in UTF-8.
   *
   * @throws FormatException naming line and column of what is no number or not there
   */
  static CsvTable read(Path file) throws IOException {
    String[] lines = new String(ByteSource.readAll(file), StandardCharsets.UTF_8).replaceFirst("^\ufeff", "").stripTrailing()
        .split("\\R");
    String separator = separator(lines[0]);
    String[] first = fields(lines[0], separator);
    int from = Arrays.stream(first).allMatch(field -> NUMBER.matcher(field).matches()) ? 0 : 1;
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < first.length; i++) {
      columns.add(from == 1 ? first[i] : String.valueOf(i));
    }
    if (lines.length == from || (long) (lines.length - from) * first.length > Integer.MAX_VALUE) {
      throw new FormatException(file + ": expected lines of numbers, found " + (lines.length - from));
    }
    float[] values = new float[(lines.length - from) * first.length];
    for (int line = from; line < lines.length; line++) {
      String[] fields = fields(lines[line], separator);
      if (fields.length != first.length) {
        throw new FormatException(file + ", line " + (line + 1) + ": expected " + first.length + " numbers as in the first line, found "
            + fields.length);
      }
      for (int i = 0; i < fields.length; i++) {
        if (!NUMBER.matcher(fields[i]).matches()) {
          throw new FormatException(file + ", line " + (line + 1) + ", column " + columns.get(i) + ": expected a number, found "
              + fields[i]);
        }
        values[(line - from) * fields.length + i] = number(fields[i]);
      }
    }
    return new CsvTable(columns, values);
  }

  private static String separator(String line) {
    for (String separator : new String[] {",", ";", "\t"}) {
      if (line.contains(separator)) {
        return separator;
      }
    }
    return " ";
  }

  private static String[] fields(String line, String separator) {
    String[] fields = line.strip().split(separator.equals(" ") ? "\\s+" : separator, -1);
    for (int i = 0; i < fields.length; i++) {
      fields[i] = fields[i].strip().replaceAll("^\"(.*)\"$", "$1");
    }
    return fields;
  }

  private static float number(String field) {
    String plain = field.toLowerCase(Locale.ROOT);
    if (plain.endsWith("nan")) {
      return Float.NaN;
    }
    if (plain.contains("inf")) {
      return plain.startsWith("-") ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    }
    return (float) Double.parseDouble(plain);
  }

  /**
   * An output as a table.
   *
   * @param name of a single column; several are numbered
   * @throws UnsupportedException if it has several rows of several steps, for which a table has no place
   */
  static CsvTable of(String name, Tensor output) {
    Shape shape = output.shape();
    if (shape.rank() > 3 || shape.rank() == 3 && shape.axis(0) != 1) {
      throw new UnsupportedException("an output of shape " + shape + " is no table: write it to a .npy file");
    }
    String plain = name.replaceAll("[,\"\\p{Cntrl}]", "_");
    int width = shape.rank() < 2 ? 1 : shape.axis(-1);
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(width == 1 ? plain : plain + "_" + i);
    }
    return new CsvTable(columns, output.toArray());
  }

  /** Writes the file whole or not at all, each number as short as it can be read back. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(String.join(",", columns)).append('\n');
    for (int i = 0; i < values.length; i++) {
      text.append(Float.toString(values[i])).append((i + 1) % columns.size() == 0 ? '\n' : ',');
    }
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
      target.commit();
    }
  }
}
