package dev.rill.kernels.generator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Source text with holes and with lines that repeat.
 *
 * <p>{@code $name} is a hole: the value of that name takes its place, and may have holes of its own; a value of several lines
 * stands in a line alone. A line {@code @name} repeats the lines that are indented beneath it, once for each item of the list of
 * that name; an item is a set of values. Names are of small letters, so that {@code $yBits} is the value of {@code y} and then
 * {@code Bits}:
 *
 * <pre>
 *   {@literal @}row                                   sum0 = sum0.add(x0);
 *     {@literal @}vector                              sum0 = sum0.add(y0);
 *       sum$r = sum$r.add($v$r);     becomes   sum1 = sum1.add(x1);
 *                                              sum1 = sum1.add(y1);
 * </pre>
 */
final class Template {
  private static final Pattern HOLE = Pattern.compile("\\$([a-z]+)");
  private static final Pattern HOLE_ALONE = Pattern.compile(" *\\$([a-z]+)");
  private static final Pattern REPEAT = Pattern.compile(" *@([a-z]+)");

  private final String text;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, List<Map<String, String>>> lists = new HashMap<>();

  Template(String text) {
    this.text = text;
  }

  /** The items of a list, by their index. */
  static List<Map<String, String>> items(int count, IntFunction<Map<String, String>> item) {
    List<Map<String, String>> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item.apply(i));
    }
    return items;
  }

  /** A multiple of a stride: {@code "L"} or {@code "2 * L"}. */
  static String times(int count, String stride) {
    return count == 1 ? stride : count + " * " + stride;
  }

  /** A multiple of a stride as it is added to a place: nothing, {@code " + L"} or {@code " + 2 * L"}. */
  static String plus(int count, String stride) {
    return count == 0 ? "" : " + " + times(count, stride);
  }

  Template value(String name, Object value) {
    values.put(name, value.toString());
    return this;
  }

  Template list(String name, List<Map<String, String>> items) {
    lists.put(name, items);
    return this;
  }

  /** The text, filled in. */
  String fill() {
    StringBuilder filled = new StringBuilder();
    fill(text.lines().toList(), "", values, filled);
    return filled.toString();
  }

  private void fill(List<String> lines, String margin, Map<String, String> scope, StringBuilder to) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int indentation = indentation(lines, i);
      String inner = margin + " ".repeat(indentation);
      Matcher repeat = REPEAT.matcher(line);
      Matcher hole = HOLE_ALONE.matcher(line);
      if (repeat.matches()) {
        List<String> body = new ArrayList<>();
        while (indentation(lines, i + 1) > indentation) {
          String next = lines.get(++i);
          body.add(next.isEmpty() ? next : next.substring(indentation + 2));
        }
        for (Map<String, String> item : known(lists, repeat.group(1))) {
          Map<String, String> both = new HashMap<>(scope);
          both.putAll(item);
          fill(body, inner, both, to);
        }
      } else if (hole.matches()) {
        fill(known(scope, hole.group(1)).lines().toList(), inner, scope, to);
      } else {
        to.append((margin + holes(line, scope)).stripTrailing()).append('\n');
      }
    }
  }

  private static String holes(String line, Map<String, String> scope) {
    Matcher hole = HOLE.matcher(line);
    return hole.find() ? holes(hole.replaceAll(found -> Matcher.quoteReplacement(known(scope, found.group(1)))), scope) : line;
  }

  /** Blanks before a line, or before the next that has something on it. */
  private static int indentation(List<String> lines, int i) {
    while (i < lines.size() && lines.get(i).isBlank()) {
      i++;
    }
    return i == lines.size() ? -1 : lines.get(i).length() - lines.get(i).stripLeading().length();
  }

  private static <T> T known(Map<String, T> names, String name) {
    if (!names.containsKey(name)) {
      throw new IllegalArgumentException("nothing is called " + name + "; there are " + names.keySet());
    }
    return names.get(name);
  }
}
