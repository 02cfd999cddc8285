package dev.rill.cli;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How a command is called: the one source of what is accepted and what {@code --help} says.
 *
 * @param command its name
 * @param synopsis what follows the name
 * @param purpose one sentence
 * @param options all that it takes but {@code --help}
 * @param notes what else there is to know, in paragraphs, or nothing
 */
record Usage(String command, String synopsis, String purpose, List<Option> options, String notes) {
  /** The option of this name, or null. */
  Option option(String name) {
    for (Option option : options) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    return null;
  }

  /** The names of all options, for messages. */
  String optionNames() {
    return options.isEmpty() ? "--help alone"
        : options.stream().map(Option::name).collect(Collectors.joining(", ")) + " and --help";
  }

  String help() {
    StringBuilder help = new StringBuilder(Lines.of("rill " + command + " ", "    ", synopsis));
    help.append('\n').append(Lines.of("", "", purpose)).append('\n');
    for (Option option : options) {
      help.append(line(option.synopsis(), option.text()));
    }
    help.append(line("-h, --help", "this text"));
    return notes.isEmpty() ? help.toString() : help + "\n" + Lines.paragraphs(notes);
  }

  static String line(String left, String right) {
    return Lines.of(String.format("  %-16s ", left), " ".repeat(19), right);
  }
}
