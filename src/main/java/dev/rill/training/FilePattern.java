package dev.rill.training;

import dev.rill.tensor.RillException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file name with places for figures, in Python's form: {@code model-{epoch:02d}-{val_loss:.2f}.keras}. */
final class FilePattern {
  private static final Pattern PLACE = Pattern.compile("\\{(\\w+)(?::(0?\\d{0,2})(d|\\.\\d{1,2}[fe]))?}");

  private final String text;

  FilePattern(String text) {
    this.text = text;
    String rest = PLACE.matcher(text).replaceAll("");
    if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
      throw new RillException("file name " + text + ": expected places such as {epoch}, {epoch:02d} or {val_loss:.2f}");
    }
  }

  /** The name with its places filled; epoch and batch are integers. */
  String fill(Logs figures) {
    Matcher places = PLACE.matcher(text);
    StringBuilder name = new StringBuilder();
    while (places.find()) {
      String figure = places.group(1);
      if (!figures.has(figure)) {
        throw new RillException("file name " + text + ": there is no figure " + figure + "; there are " + figures.names());
      }
      double value = figures.get(figure);
      boolean integer = figure.equals("epoch") || figure.equals("batch");
      String kind = places.group(3);
      String filled;
      if (kind == null) {
        filled = integer ? String.valueOf((long) value) : CsvLog.number(value);
      } else if (kind.equals("d")) {
        if (!integer) {
          throw new RillException("file name " + text + ": " + figure + " is no integer; write {" + figure + ":.4f}");
        }
        filled = String.format(Locale.ROOT, "%" + width(places.group(2)) + "d", (long) value);
      } else {
        filled = decimal(value, places.group(2), kind);
      }
      places.appendReplacement(name, Matcher.quoteReplacement(filled));
    }
    return places.appendTail(name).toString();
  }

  /** A number with so many digits, such as {@code .2f}: rounded from its exact value, a half to the even digit, as in Python. */
  private static String decimal(double value, String width, String kind) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
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
