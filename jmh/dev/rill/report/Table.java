package dev.rill.report;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeSet;

/** A table in Markdown, a column for each size. */
final class Table {
  private final StringBuilder text = new StringBuilder();
  private final TreeSet<Double> columns = new TreeSet<>();

  Table(String head, Iterable<Double> columns) {
    columns.forEach(this.columns::add);
    text.append("| ").append(head).append(" |");
    this.columns.forEach(column -> text.append(' ').append(number(column)).append(" |"));
    text.append("\n|---|").append("---|".repeat(this.columns.size())).append('\n');
  }

  Table row(String head, SortedMap<Double, Double> values) {
    text.append("| ").append(head).append(" |");
    for (double column : columns) {
      text.append(' ').append(values.containsKey(column) ? number(values.get(column)) : "").append(" |");
    }
    text.append('\n');
    return this;
  }

  /** Three digits are more than a shared machine can mean. */
  static String number(double value) {
    int digits = value >= 100 || value == Math.rint(value) ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
