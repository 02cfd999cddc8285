package dev.rill.cli;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A table as a stream to learn from.
 *
 * @param name of its file
 * @param x all columns (time, columns)
 * @param y what is to be known at each step (time, targets)
 */
record TableStream(String name, Tensor x, Tensor y) {
  /**
   * Reads a table.
   *
   * @param targets names of columns with commas between them, or null for the last one
   * @param ahead how many lines later the targets stand
   * @throws FormatException if there is no such column
   */
  static TableStream of(Path file, String targets, int ahead) throws IOException {
    CsvTable table = CsvTable.read(file);
    int width = table.columns().size();
    int lines = table.lines() - ahead;
    String[] names = targets == null ? new String[] {table.columns().get(width - 1)} : targets.split(",");
    if (lines < 1) {
      throw new ShapeException(file + " has " + table.lines() + " lines: expected more than --ahead " + ahead);
    }
    float[] y = new float[lines * names.length];
    for (int i = 0; i < names.length; i++) {
      int column = table.columns().indexOf(names[i]);
      if (column < 0) {
        throw new FormatException(file + ": there is no column " + names[i] + "; its columns are " + table.columns());
      }
      for (int line = 0; line < lines; line++) {
        y[line * names.length + i] = table.values()[(line + ahead) * width + column];
      }
    }
    return new TableStream(file.toString(), Tensor.of(Arrays.copyOf(table.values(), lines * width), lines, width),
        Tensor.of(y, lines, names.length));
  }

  int lines() {
    return x.shape().axis(0);
  }

  int features() {
    return x.shape().axis(1);
  }

  TableStream part(int from, int to) {
    if (from == to) {
      throw new ShapeException(name + ": its " + lines() + " lines are too few to be split for validation");
    }
    return new TableStream(name, x.rows(from, to), y.rows(from, to));
  }

  /** Every window of all streams with its last target: x (windows, steps, features), y (windows, targets). */
  static Tensor[] windows(List<TableStream> streams, int steps, int stride) {
    long count = 0;
    for (TableStream stream : streams) {
      if (stream.lines() < steps) {
        throw new ShapeException(stream.name + ": a part of " + stream.lines() + " lines is shorter than a window of --steps " + steps);
      }
      count += (stream.lines() - steps) / stride + 1;
    }
    int features = streams.get(0).features();
    int targets = streams.get(0).y.shape().axis(1);
    if (count * steps * Math.max(features, targets) > Integer.MAX_VALUE) {
      throw new ShapeException(count + " windows of " + steps + " steps are more than an array holds: take a larger --stride");
    }
    Tensor x = Tensor.zeros((int) count, steps, features);
    Tensor y = Tensor.zeros((int) count, targets);
    int window = 0;
    for (TableStream stream : streams) {
      for (int from = 0; from + steps <= stream.lines(); from += stride, window++) {
        System.arraycopy(stream.x.array(), stream.x.offset() + from * features, x.array(), window * steps * features, steps * features);
        System.arraycopy(stream.y.array(), stream.y.offset() + (from + steps - 1) * targets, y.array(), window * targets, targets);
      }
    }
    return new Tensor[] {x, y};
  }
}
