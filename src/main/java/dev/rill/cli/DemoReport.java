package dev.rill.cli;

import dev.rill.charts.TextChart;
import dev.rill.tensor.RillException;
import java.util.Arrays;
import java.util.Locale;

/** Forecasts held against what happened, against a naive guess, and against Keras, as text of 80 columns. */
final class DemoReport {
  private static final int COLUMNS = 60;
  private static final int ROWS = 18;
  /** Months in the table behind the chart. */
  private static final int SHOWN = 12;
  /** Half the width of the errors' axis, and columns for one unit on it. */
  private static final int HALF_AXIS = 12;
  private static final int COLUMNS_PER_UNIT = 5;

  private final DemoData data;
  private final String[] dates;
  private final double[] truth;
  private final double[] before;
  private final double[] forecasts;
  private final StringBuilder text = new StringBuilder();

  DemoReport(DemoData data, double[] forecasts) {
    this.data = data;
    this.forecasts = forecasts;
    int from = data.heldOut();
    int to = from + forecasts.length;
    dates = Arrays.copyOfRange(data.dates(), from, to);
    truth = Arrays.copyOfRange(data.values(), from, to);
    before = Arrays.copyOfRange(data.values(), from - 1, to - 1);
  }

  String text() {
    line("%s, in %s", data.title(), data.unit());
    paragraph(data.source());
    paragraph("A stateful LSTM, trained by Keras on " + data.dates()[0] + " to " + data.dates()[data.heldOut() - 1]
        + ", streams these " + data.heldOut() + " months, then forecasts the " + forecasts.length
        + " months after them, each from the months before it.");
    line("         o truth   x forecast   * both");
    String[] years = new String[dates.length];
    Arrays.setAll(years, i -> dates[i].substring(0, 4));
    text.append(new TextChart(ROWS, COLUMNS).series('o', truth).series('x', forecasts).labels(years).text()).append('\n');
    table();
    line("%n%-32s %10s %18s", "Error over " + forecasts.length + " months, " + data.unit(), "mean", "root mean square");
    errors("forecast", forecasts);
    errors("last month's value", before);
    line("%nKeras     the same forecasts to within %.1e %s", largestDifference(), data.unit());
    return text.toString();
  }

  /** Words in lines of 80 columns, and an empty line. */
  private void paragraph(String words) {
    int start = text.length();
    for (String word : words.split(" ")) {
      boolean full = text.length() - start + word.length() >= 80;
      text.append(text.length() == start ? "" : full ? "\n" : " ");
      start = full ? text.length() : start;
      text.append(word);
    }
    text.append("\n\n");
  }

  private void table() {
    line("%-8s %8s %9s %8s   errors: x forecast, - last month's value", "month", "truth", "forecast", "error");
    for (int i = Math.max(0, dates.length - SHOWN); i < dates.length; i++) {
      double error = forecasts[i] - truth[i];
      line("%-8s %8.2f %9.2f %+8.2f   %s", dates[i], truth[i], forecasts[i], error, axis(error, before[i] - truth[i]));
    }
  }

  /** Both errors on one line, zero in the middle. */
  private static String axis(double error, double naive) {
    char[] axis = new char[2 * HALF_AXIS + 1];
    Arrays.fill(axis, ' ');
    axis[HALF_AXIS] = '|';
    axis[place(naive)] = '-';
    axis[place(error)] = 'x';
    return new String(axis).stripTrailing();
  }

  private static int place(double error) {
    return HALF_AXIS + (int) Math.max(-HALF_AXIS, Math.min(HALF_AXIS, Math.rint(error * COLUMNS_PER_UNIT)));
  }

  private void errors(String name, double[] guesses) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < truth.length; i++) {
      double error = guesses[i] - truth[i];
      sum += Math.abs(error);
      squares += error * error;
    }
    line("  %-30s %10.3f %18.3f", name, sum / truth.length, Math.sqrt(squares / truth.length));
  }

  /** Largest difference from the forecasts that Keras made with the same model. */
  double largestDifference() {
    double[] keras = data.kerasForecasts();
    if (forecasts.length != keras.length) {
      throw new RillException("expected the " + keras.length + " forecasts that Keras recorded, got "
          + forecasts.length);
    }
    double largest = 0;
    for (int i = 0; i < keras.length; i++) {
      largest = Math.max(largest, Math.abs(forecasts[i] - keras[i]));
    }
    return largest;
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
