package dev.rill.cli;

import dev.rill.tensor.PlainText;
import java.util.Locale;

/**
 * What the replay of a case came to.
 *
 * @param name of the case
 * @param calls how many it has, 0 if it could not be read
 * @param largestAbsolute largest absolute difference of any number compared, NaN if none was
 * @param largestRelative likewise relative
 * @param failure the first thing that is wrong, or null
 */
record Verdict(String name, int calls, double largestAbsolute, double largestRelative, String failure) {
  /** Names come from folders and files, and are shown. */
  Verdict {
    name = PlainText.shown(name);
    failure = failure == null ? null : PlainText.shown(failure);
  }

  boolean passed() {
    return failure == null;
  }

  /** One line; names are padded so that columns stand under each other. */
  String line(int nameWidth) {
    return String.format(Locale.ROOT, "%-" + nameWidth + "s  %3d call%s  abs %8s  rel %8s  %s", name, calls,
        calls == 1 ? " " : "s", shown(largestAbsolute), shown(largestRelative), passed() ? "pass" : "FAIL: " + failure);
  }

  private static String shown(double difference) {
    return difference != difference ? "-" : String.format(Locale.ROOT, "%.2e", difference);
  }
}
