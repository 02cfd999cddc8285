package dev.rill.cli;

import dev.rill.tensor.Precision;
import dev.rill.tensor.UnsupportedException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Operands and options, taken apart: {@code --name value}, {@code --name=value}, switches, and {@code --} behind which
 * everything is an operand. What the command does not know, and what is given twice, is refused.
 */
final class Arguments {
  private final Usage usage;
  private final List<String> operands = new ArrayList<>();
  private final Map<String, String> values = new HashMap<>();

  private Arguments(Usage usage) {
    this.usage = usage;
  }

  static Arguments parse(Usage usage, List<String> words) {
    Arguments arguments = new Arguments(usage);
    boolean options = true;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!options || !word.startsWith("-") || word.equals("-")) {
        arguments.operands.add(word);
      } else if (word.equals("--")) {
        options = false;
      } else {
        i += arguments.option(word, i + 1 < words.size() ? words.get(i + 1) : null);
      }
    }
    return arguments;
  }

  /** Takes an option in; returns how many further words it has used. */
  private int option(String word, String next) {
    int equals = word.startsWith("--") ? word.indexOf('=') : -1;
    String name = equals < 0 ? word : word.substring(0, equals);
    Option option = usage.option(name);
    if (option == null) {
      throw new UsageException("unknown option " + name + "; " + usage.command() + " has " + usage.optionNames());
    }
    String value = equals < 0 ? next : word.substring(equals + 1);
    boolean separate = equals < 0 && option.value() != null;
    if (option.value() == null && equals >= 0) {
      throw new UsageException(name + " takes no value, got " + value);
    }
    if (option.value() != null && value == null) {
      throw new UsageException(name + " needs a value: " + option.synopsis());
    }
    if (values.put(name, option.value() == null ? "" : value) != null) {
      throw new UsageException(name + " is given twice");
    }
    return separate ? 1 : 0;
  }

  boolean has(String option) {
    return values.containsKey(option);
  }

  String text(String option) {
    return values.get(option);
  }

  /** Whole number of at least 1. */
  int count(String option, int absent) {
    if (!has(option)) {
      return absent;
    }
    try {
      int value = Integer.parseInt(text(option));
      if (value >= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new UsageException(option + ": expected a whole number from 1 to " + Integer.MAX_VALUE + ", got "
        + text(option));
  }

  /** Whole numbers from 0 to below a count, with commas between them; null if not given. */
  int[] indices(String option, int count, String what) {
    if (!has(option)) {
      return null;
    }
    String[] parts = text(option).split(",", -1);
    int[] indices = new int[parts.length];
    for (int i = 0; i < indices.length; i++) {
      try {
        indices[i] = Integer.parseInt(parts[i].strip());
      } catch (NumberFormatException e) {
        indices[i] = -1;
      }
      if (indices[i] < 0 || indices[i] >= count) {
        throw new UsageException(option + ": expected " + what + " from 0 to " + (count - 1) + " with commas between them, got "
            + text(option));
      }
    }
    return indices;
  }

  /** Finite number of at least 0. */
  double number(String option, double absent) {
    if (!has(option)) {
      return absent;
    }
    try {
      double value = Double.parseDouble(text(option));
      if (value >= 0 && value < Double.POSITIVE_INFINITY) {
        return value;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new UsageException(option + ": expected a number of at least 0, got " + text(option));
  }

  /** Float32 if not given. */
  Precision precision(String option) {
    try {
      return has(option) ? Precision.named(text(option)) : Precision.FLOAT32;
    } catch (UnsupportedException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }

  /** Whether a file's name ends so, in capitals or not. */
  static boolean isKind(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  Path path(String option) {
    return has(option) ? path(option, text(option)) : null;
  }

  /** A file for a picture, which must be given. */
  Path picture(String option) {
    Path file = path(option);
    if (file == null || !file.toString().endsWith(".svg") && !file.toString().endsWith(".html")) {
      throw new UsageException("expected " + option + " and a file that ends in .svg or .html" + (file == null ? "" : ", got " + file));
    }
    return file;
  }

  List<Path> operandPaths() {
    List<Path> paths = new ArrayList<>();
    for (String operand : operands) {
      paths.add(path("operand", operand));
    }
    return paths;
  }

  /** Operands, of which there must be so many. */
  List<Path> operandPaths(int from, int to) {
    if (operands.size() < from || operands.size() > to) {
      throw new UsageException("expected " + usage.command() + " " + usage.synopsis() + ", got " + operands.size()
          + " operand" + (operands.size() == 1 ? "" : "s"));
    }
    return operandPaths();
  }

  private static Path path(String what, String text) {
    if (text.isEmpty()) {
      throw new UsageException(what + ": expected the name of a file, got nothing");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      String encoding = System.getProperty("sun.jnu.encoding");
      throw new UsageException(what + ": " + text + " cannot be the name of a file (" + e.getReason() + ")"
          + ("UTF-8".equals(encoding) ? "" : "; names are in " + encoding + " in the locale of this process: set another, such as "
              + "LC_ALL=C.UTF-8"));
    }
  }
}
