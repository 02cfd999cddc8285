package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;

/**
 * A JSON number, kept as it was written, so that nothing is lost before somebody asks for a type.
 *
 * @param text a number in JSON's grammar, or one of NaN, Infinity and -Infinity, which Python writes
 */
public record JsonNumber(String text) implements JsonValue {
  private static final int SHOWN = 40;

  /**
   * Checks the grammar.
   *
   * @param text a number
   * @throws FormatException if it is not
   */
  public JsonNumber {
    if (!isNumber(Require.given(text, "the text of a JSON number"))) {
      throw new FormatException("expected a JSON number, got " + new JsonString(text).describe());
    }
  }

  /**
   * An integer.
   *
   * @param value any
   * @return its number
   */
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /**
   * A floating-point number.
   *
   * @param value any; NaN and the infinities become bare words
   * @return a number that reads back as the same double
   */
  public static JsonNumber of(double value) {
    return new JsonNumber(Double.toString(value));
  }

  /**
   * Whether this is written as an integer: digits with or without a minus sign, of any length.
   *
   * @return false for fractions, exponents, NaN and infinities
   */
  public boolean isInteger() {
    char last = text.charAt(text.length() - 1);
    return '0' <= last && last <= '9' && text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
  }

  /**
   * The nearest double.
   *
   * @return the value; numbers beyond the range become infinite, as in Python
   */
  public double doubleValue() {
    return Double.parseDouble(text);
  }

  @Override
  public String describe() {
    return "the number " + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...");
  }

  static boolean isNumber(String text) {
    if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
      return true;
    }
    int at = text.startsWith("-") ? 1 : 0;
    int integer = at;
    at = digits(text, at);
    if (at == integer || at > text.length() || text.charAt(integer) == '0' && at > integer + 1) {
      return false;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = at + 1;
      at = digits(text, fraction);
      if (at == fraction) {
        return false;
      }
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      at = digits(text, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == text.length();
  }

  private static int digits(String text, int at) {
    while (at < text.length() && '0' <= text.charAt(at) && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
