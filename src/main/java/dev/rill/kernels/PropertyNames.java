package dev.rill.kernels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** The names of Rill's system properties, and those that were meant to be: a misspelt one changes nothing. */
final class PropertyNames {
  /** All that Rill reads. */
  static final List<String> KNOWN = List.of("rill.kernels", "rill.warmup");

  private PropertyNames() {}

  /** Says in one warning which properties of this process are not Rill's, but look like it. */
  static void warn() {
    try {
      List<String> misspelt = misspelt(System.getProperties().stringPropertyNames());
      if (!misspelt.isEmpty()) {
        System.getLogger("dev.rill").log(System.Logger.Level.WARNING, "system properties " + misspelt
            + " have no effect: those of Rill are " + KNOWN);
      }
    } catch (RuntimeException e) {
      // Neither properties nor a log that cannot be had keep Rill from running.
    }
  }

  /**
   * Names that begin as Rill's ({@code rill.kernel}), that are one of Rill's but for case and punctuation ({@code RILL_KERNELS}),
   * or that have taken the D of the option with them ({@code -DDrill.kernels}); sorted.
   */
  static List<String> misspelt(Collection<String> names) {
    List<String> misspelt = new ArrayList<>();
    for (String name : names) {
      String letters = letters(name);
      boolean alike = name.startsWith("Drill.") || name.regionMatches(true, 0, "rill.", 0, "rill.".length());
      for (String known : KNOWN) {
        alike |= letters.endsWith(letters(known)) && letters.length() <= "dev".length() + letters(known).length();
      }
      if (alike && !KNOWN.contains(name)) {
        misspelt.add(name);
      }
    }
    Collections.sort(misspelt);
    return misspelt;
  }

  private static String letters(String name) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (Character.isLetter(name.charAt(i))) {
        letters.append(Character.toLowerCase(name.charAt(i)));
      }
    }
    return letters.toString();
  }
}
