package dev.rill.cli;

/** Words set in lines that fit a terminal. */
final class Lines {
  static final int WIDTH = 80;

  private Lines() {}

  /**
   * Breaks words into lines of at most {@link #WIDTH} columns, each ended; a word that is longer has a line of its own.
   *
   * @param first begins the first line and counts as written
   * @param indent begins the others
   */
  static String of(String first, String indent, String words) {
    StringBuilder text = new StringBuilder(first);
    int start = 0;
    boolean begun = false;
    for (String word : words.strip().split("\\s+")) {
      if (begun && text.length() - start + 1 + word.length() > WIDTH) {
        text.append('\n');
        start = text.length();
        text.append(indent);
        begun = false;
      }
      text.append(begun ? " " : "").append(word);
      begun = true;
    }
    return text.append('\n').toString();
  }

  /** Paragraphs, between which there are empty lines. */
  static String paragraphs(String text) {
    StringBuilder lines = new StringBuilder();
    for (String paragraph : text.strip().split("\n\n")) {
      lines.append(lines.isEmpty() ? "" : "\n").append(of("", "", paragraph));
    }
    return lines.toString();
  }
}
