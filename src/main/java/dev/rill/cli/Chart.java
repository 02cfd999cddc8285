package dev.rill.cli;

import java.util.Arrays;
import java.util.Locale;

/** Two series over time, drawn with letters: {@code o} truth, {@code x} forecast, {@code *} both in one cell. */
final class Chart {
  private Chart() {}

  /**
   * Draws.
   *
   * @param dates of the values, beginning with the year; a year's first value begins its label
   * @param perColumn values in one column
   * @param rows height
   */
  static String of(String[] dates, double[] truth, double[] forecast, int perColumn, int rows) {
    double low = Math.min(min(truth), min(forecast));
    double high = Math.max(max(truth), max(forecast));
    char[][] cells = new char[rows][(truth.length + perColumn - 1) / perColumn];
    Arrays.stream(cells).forEach(row -> Arrays.fill(row, ' '));
    for (int i = 0; i < truth.length; i++) {
      mark(cells, row(truth[i], low, high, rows), i / perColumn, 'o', 'x');
      mark(cells, row(forecast[i], low, high, rows), i / perColumn, 'x', 'o');
    }
    StringBuilder chart = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      double value = high - (high - low) * row / (rows - 1);
      chart.append(String.format(Locale.ROOT, "%7.1f |", value)).append(new String(cells[row]).stripTrailing());
      chart.append('\n');
    }
    return chart.append("        +").append(years(dates, perColumn)).append('\n').toString();
  }

  private static int row(double value, double low, double high, int rows) {
    return (int) Math.rint((high - value) / (high - low) * (rows - 1));
  }

  private static void mark(char[][] cells, int row, int column, char own, char other) {
    char there = cells[row][column];
    cells[row][column] = there == other || there == '*' ? '*' : own;
  }

  private static String years(String[] dates, int perColumn) {
    char[] axis = new char[(dates.length + perColumn - 1) / perColumn];
    Arrays.fill(axis, '-');
    int free = 0;
    for (int i = 0; i < dates.length; i++) {
      String year = dates[i].substring(0, 4);
      int column = i / perColumn;
      if ((i == 0 || !dates[i - 1].startsWith(year)) && column >= free && column + year.length() <= axis.length) {
        year.getChars(0, year.length(), axis, column);
        free = column + year.length() + 1;
      }
    }
    return new String(axis);
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElse(0);
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }
}
