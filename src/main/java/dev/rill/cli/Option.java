package dev.rill.cli;

/**
 * An option of a command.
 *
 * @param name with its dashes
 * @param value what its value is called, or null for a switch
 * @param text what it does
 */
record Option(String name, String value, String text) {
  /** As it stands in a synopsis. */
  String synopsis() {
    return value == null ? name : name + " " + value;
  }
}
