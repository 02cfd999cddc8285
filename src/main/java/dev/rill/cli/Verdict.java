package dev.rill.cli;

import dev.rill.tensor.PlainText;
import java.util.Locale;

/**
 * What a comparison came to.
 *
 * @param name of the case, or of the output
 * @param count how many calls or numbers it has, 0 if it could not be read
 * @param worst the difference that is the largest share of what is allowed
 * @param allowed what is allowed where that is, NaN if nothing was compared
 * @param largestAbsolute largest absolute difference of any number compared, NaN if none was
 * @param largestRelative likewise relative
 * @param failure the first thing that is wrong, or null
 */
record Verdict(String name, int count, double worst, double allowed, double largestAbsolute, double largestRelative,
    String failure) {
  private static final String COLUMNS = "  %7s  %10s  %10s  %s%n";

  /** Names come from folders and files, and are shown. */
  Verdict {
    name = PlainText.shown(name);
    failure = failure == null ? null : PlainText.shown(failure);
  }

  /** Of what has been compared so far. */
  static Verdict of(String name, int count, Comparison comparison, String failure) {
    boolean compared = comparison.numbers() > 0;
    return new Verdict(name, count, comparison.worst(), comparison.worstAllowed(),
        compared ? comparison.largestAbsolute() : Double.NaN, compared ? comparison.largestRelative() : Double.NaN, failure);
  }

  /** Of what could not even be read. */
  static Verdict unread(String name, Throwable reason) {
    return new Verdict(name, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Main.reason(reason));
  }

  boolean passed() {
    return failure == null;
  }

  /** What stands above the lines of some verdicts. */
  static String head(String count, String difference, String bound, String name) {
    return "    " + String.format(COLUMNS, count, difference, bound, name);
  }

  /** The worst difference beside what is allowed there; what is wrong follows in lines of its own. */
  String line(Console console) {
    return line(console, worst, allowed);
  }

  /** The largest differences, where none is a failure. */
  String lineOfErrors(Console console) {
    return line(console, largestAbsolute, largestRelative);
  }

  private String line(Console console, double difference, double bound) {
    String line = console.coloured(passed() ? "pass" : "FAIL", passed()) + String.format(Locale.ROOT, COLUMNS,
        count, bound != bound ? "-" : shown(difference), bound != bound ? "-" : shown(bound), name);
    return passed() ? line : line + Lines.of("      ", "      ", failure);
  }

  private static String shown(double difference) {
    return difference == 0 ? "0" : String.format(Locale.ROOT, "%.2e", difference);
  }
}
