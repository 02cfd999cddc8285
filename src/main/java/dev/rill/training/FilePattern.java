package dev.rill.training;

import dev.rill.tensor.RillException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file name with places for figures, in Python's form: {@code model-{epoch:02d}-{val_loss:.2f}.keras}. A name that no figure can
 * make sense of is refused when it is given.
 */
final class FilePattern {
  /** Whatever a figure may be called but for the signs that mean something to Python. */
  private static final Pattern PLACE = Pattern.compile("\\{([^{}:!.\\[\\]/\\\\]+)(?::(0?\\d{0,2})(d|\\.\\d{1,2}[fe]))?}");
  /** The longest {@code long} has 19 digits and a sign; a name has 255 bytes. */
  private static final int WIDEST = 20;
  /** From here on a number with all its digits would make too long a name. */
  private static final double TOO_LONG = 1e16;

  private final String text;

  FilePattern(String text) {
    this.text = text;
    String rest = PLACE.matcher(text).replaceAll("");
    if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
      throw refused("expected places such as {epoch}, {epoch:02d} or {val_loss:.2f}");
    }
    for (Matcher places = PLACE.matcher(text); places.find(); ) {
      check(places.group(), places.group(1), places.group(2), places.group(3));
    }
    try {
      Path.of(PLACE.matcher(text).replaceAll("0"));
    } catch (InvalidPathException e) {
      throw refused(e.getReason());
    }
    boolean named = false;
    for (String part : text.split("[/\\\\]")) {
      named |= part.indexOf('{') >= 0;
      if (named && part.equals("..")) {
        throw refused("expected no .. behind a folder that a figure names");
      }
    }
  }

  private void check(String place, String figure, String width, String kind) {
    if (figure.chars().allMatch(Character::isDigit)) {
      throw refused("expected the name of a figure in " + place);
    }
    if ("d".equals(kind) && !integer(figure)) {
      throw refused(figure + " is no integer; write {" + figure + ":.4f}");
    }
    if (kind != null && (wide(width) || !kind.equals("d") && wide(kind.substring(1, kind.length() - 1)))) {
      throw refused("expected at most " + WIDEST + " digits in place of " + place);
    }
  }

  private static boolean integer(String figure) {
    return figure.equals("epoch") || figure.equals("batch");
  }

  private static boolean wide(String digits) {
    return !digits.isEmpty() && Integer.parseInt(digits) > WIDEST;
  }

  private RillException refused(String reason) {
    return new RillException("file name " + text + ": " + reason);
  }

  /** The name, or one beside it that stands for all: as far as no figure names it. */
  Path sample() {
    int place = text.indexOf('{');
    return Path.of(place < 0 ? text : text.substring(0, place) + "0");
  }

  /** The name with its places filled; epoch and batch are integers. */
  String fill(Logs figures) {
    Matcher places = PLACE.matcher(text);
    StringBuilder name = new StringBuilder();
    while (places.find()) {
      String figure = places.group(1);
      if (!figures.has(figure)) {
        throw refused("there is no figure " + figure + "; there are " + figures.names());
      }
      double value = figures.get(figure);
      String kind = places.group(3);
      String filled;
      if (kind == null) {
        filled = integer(figure) ? String.valueOf((long) value) : CsvLog.number(value);
      } else if (kind.equals("d")) {
        filled = String.format(Locale.ROOT, "%" + width(places.group(2)) + "d", (long) value);
      } else {
        filled = decimal(value, places.group(2), kind);
      }
      places.appendReplacement(name, Matcher.quoteReplacement(filled));
    }
    return places.appendTail(name).toString();
  }

  /**
   * A number with so many digits, such as {@code .2f}: rounded from its exact value, a half to the even digit, as in Python; one
   * with too many digits in front of the point in its shortest form.
   */
  private static String decimal(double value, String width, String kind) {
    if (Double.isNaN(value) || Double.isInfinite(value) || kind.endsWith("f") && Math.abs(value) >= TOO_LONG) {
      return CsvLog.number(value);
    }
    int digits = Integer.parseInt(kind.substring(1, kind.length() - 1));
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = kind.endsWith("f") ? exact.setScale(digits, RoundingMode.HALF_EVEN)
        : exact.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    return String.format(Locale.ROOT, "%" + width(width) + kind, rounded);
  }

  /** A lone 0 is a flag without a width, which Python takes and Java does not. */
  private static String width(String written) {
    return written.equals("0") ? "" : written;
  }
}
