package dev.rill.tensor;

/**
 * Text from files and users as it can be shown on a terminal or written into a line: a name may hold anything, and a line break in
 * it would make two lines of one, an escape sequence move the cursor, a change of direction show another name.
 */
public final class PlainText {
  private PlainText() {}

  /**
   * Makes every character visible. Control characters (escape, tab and line breaks among them), Unicode's line and paragraph
   * separators, its invisible format characters (changes of direction, zero-width joiners, byte order marks) and surrogates
   * without their other half become <code>&#92;uXXXX</code>, one for each UTF-16 unit; all else stays. A backslash stays, too: what
   * is shown is to be read, not to be parsed.
   *
   * @param text any text
   * @return the text itself if nothing of it is replaced
   */
  public static String shown(String text) {
    Require.given(text, "the text");
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      if (!visible(text.codePointAt(at))) {
        return replaced(text, at);
      }
    }
    return text;
  }

  private static String replaced(String text, int from) {
    StringBuilder plain = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int at = from; at < text.length(); ) {
      int end = at + Character.charCount(text.codePointAt(at));
      if (visible(text.codePointAt(at))) {
        plain.append(text, at, end);
      } else {
        for (int unit = at; unit < end; unit++) {
          String hex = Integer.toHexString(text.charAt(unit));
          plain.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
        }
      }
      at = end;
    }
    return plain.toString();
  }

  private static boolean visible(int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE:
        return false;
      default:
        return true;
    }
  }
}
