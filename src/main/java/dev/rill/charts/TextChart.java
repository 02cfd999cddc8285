package dev.rill.charts;

import dev.rill.tensor.Memory;
import dev.rill.tensor.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Series over the same places, drawn with letters in a grid of cells; {@code *} where two meet. As many neighbouring places share a
 * column as must, so that there is room for all.
 */
public final class TextChart {
  private static final char BOTH = '*';
  /** Columns for the numbers at the left. */
  private static final int LABEL = 7;

  private record Series(char letter, double[] values) {}

  private final int rows;
  private final int columns;
  private final List<Series> all;
  private final String[] labels;

  /**
   * Describes a chart without series.
   *
   * @param rows its height, at least 2
   * @param columns its width at most, numbers at the left not counted; at least 1
   * @throws dev.rill.tensor.RillException if that is too little, or more than fits into memory
   */
  public TextChart(int rows, int columns) {
    this(Require.atLeast(rows, 2, "rows of a chart"), Require.atLeast(columns, 1, "columns of a chart"), List.of(), new String[0]);
    Memory.check((long) rows * columns, "a chart of " + rows + " rows and " + columns + " columns");
  }

  private TextChart(int rows, int columns, List<Series> all, String[] labels) {
    this.rows = rows;
    this.columns = columns;
    this.all = all;
    this.labels = labels;
  }

  /**
   * Adds a series.
   *
   * @param letter that draws it
   * @param values at places 0, 1 and so on; what is not finite is left out
   * @return another chart
   */
  public TextChart series(char letter, double... values) {
    List<Series> more = new ArrayList<>(all);
    more.add(new Series(letter, Require.given(values, "the values").clone()));
    return new TextChart(rows, columns, List.copyOf(more), labels);
  }

  /**
   * Says what stands below the places, such as the year of each: a label that is not that of the place before is written where there
   * is room.
   *
   * @param each one a place
   * @return another chart
   */
  public TextChart labels(String... each) {
    return new TextChart(rows, columns, all, Require.all(each, "the labels").clone());
  }

  /**
   * Draws.
   *
   * @return as many lines as rows, and one for the axis below; each ends with a line feed
   */
  public String text() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int places = labels.length;
    for (Series series : all) {
      places = Math.max(places, series.values.length);
      for (double value : series.values) {
        low = Double.isFinite(value) ? Math.min(low, value) : low;
        high = Double.isFinite(value) ? Math.max(high, value) : high;
      }
    }
    int perColumn = Math.max(1, (places + columns - 1) / columns);
    char[][] cells = new char[rows][columns];
    for (char[] row : cells) {
      Arrays.fill(row, ' ');
    }
    for (Series series : all) {
      for (int i = 0; i < series.values.length; i++) {
        double value = series.values[i];
        if (Double.isFinite(value)) {
          int row = high > low ? (int) Math.rint((high - value) / (high - low) * (rows - 1)) : rows / 2;
          char there = cells[row][i / perColumn];
          cells[row][i / perColumn] = there == ' ' || there == series.letter ? series.letter : BOTH;
        }
      }
    }
    StringBuilder chart = new StringBuilder();
    String form = form(low, high, (high - low) / (rows - 1));
    for (int row = 0; row < rows; row++) {
      String label = low <= high ? String.format(Locale.ROOT, form, high - (high - low) * row / (rows - 1)) : "";
      chart.append(" ".repeat(Math.max(0, LABEL - label.length()))).append(label).append(" |")
          .append(new String(cells[row]).stripTrailing()).append('\n');
    }
    return chart.append(" ".repeat(LABEL + 1)).append('+').append(axis(perColumn)).append('\n').toString();
  }

  /** As many digits as tell a row from the next. */
  private static String form(double low, double high, double step) {
    int digits = step >= 10 ? 0 : step >= 1 ? 1 : step >= 0.1 ? 2 : step >= 0.01 ? 3 : step >= 1e-3 ? 4 : 5;
    String plain = "%." + digits + "f";
    return step >= 1e-4 && length(plain, low) <= LABEL && length(plain, high) <= LABEL ? plain : "%.1e";
  }

  private static int length(String form, double value) {
    return String.format(Locale.ROOT, form, value).length();
  }

  private String axis(int perColumn) {
    char[] axis = new char[columns];
    Arrays.fill(axis, '-');
    int free = 0;
    for (int i = 0; i < labels.length; i++) {
      int column = i / perColumn;
      if ((i == 0 || !labels[i].equals(labels[i - 1])) && column >= free && column + labels[i].length() <= columns) {
        labels[i].getChars(0, labels[i].length(), axis, column);
        free = column + labels[i].length() + 1;
      }
    }
    return new String(axis);
  }

  @Override
  public String toString() {
    return text();
  }
}
