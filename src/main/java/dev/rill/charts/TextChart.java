package dev.rill.charts;

import java.util.Arrays;
import java.util.Locale;

/** Series drawn with letters, in a grid of cells; where two meet, the later one shows. */
final class TextChart {
  private static final int LABEL = 10;

  private final int rows;
  private final int columns;

  TextChart(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** Series of values at neighbouring places; NaN is no value. Each line ends with a line feed. */
  String of(char[] letters, double[][] series, String caption) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int length = 1;
    for (double[] values : series) {
      length = Math.max(length, values.length);
      for (double value : values) {
        low = Math.abs(value) <= Double.MAX_VALUE ? Math.min(low, value) : low;
        high = Math.abs(value) <= Double.MAX_VALUE ? Math.max(high, value) : high;
      }
    }
    char[][] cells = new char[rows][columns];
    for (char[] row : cells) {
      Arrays.fill(row, ' ');
    }
    for (int s = 0; s < series.length; s++) {
      for (int i = 0; i < series[s].length; i++) {
        if (Math.abs(series[s][i]) <= Double.MAX_VALUE) {
          int row = high > low ? (int) Math.rint((high - series[s][i]) / (high - low) * (rows - 1)) : rows / 2;
          cells[row][length <= columns ? i : (int) ((long) i * columns / length)] = letters[s];
        }
      }
    }
    StringBuilder chart = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      boolean labelled = row == 0 || row == rows - 1;
      String label = !labelled || low > high ? "" : String.format(Locale.ROOT, "%.4g", row == 0 ? high : low);
      chart.append(" ".repeat(Math.max(0, LABEL - label.length()))).append(label).append(" |")
          .append(new String(cells[row]).stripTrailing()).append('\n');
    }
    return chart.append(" ".repeat(LABEL + 1)).append('+').append("-".repeat(columns)).append('\n')
        .append(" ".repeat(LABEL + 2)).append(caption).append('\n').toString();
  }
}
