package dev.rill.keras;

/**
 * A version of Keras before 3, as far as it matters here. Up to 2.3 there were two: Keras itself on its several backends, and the one
 * within TensorFlow, whose versions end in {@code -tf}; from 2.4 on only that.
 *
 * @param minor the second number of a version 2; 0 before
 * @param standalone whether it is not the one within TensorFlow
 * @param byName whether an optimizer had its variables in the order of their names: before 2.0.6
 */
record LegacyVersion(int minor, boolean standalone, boolean byName) {
  static LegacyVersion of(String version) {
    String[] numbers = version.split("[.-]");
    int minor = numbers[0].equals("2") ? number(numbers, 1) : 0;
    boolean byName = !numbers[0].equals("2") || minor == 0 && number(numbers, 2) < 6;
    return new LegacyVersion(minor, minor < 4 && !version.endsWith("tf"), byName);
  }

  private static int number(String[] numbers, int index) {
    return index < numbers.length && numbers[index].matches("\\d{1,3}") ? Integer.parseInt(numbers[index]) : 0;
  }

  /** Whether the accuracy that was asked for follows from the loss; since, it follows from shapes alone. */
  boolean accuracyByLoss() {
    return minor < 3 || standalone;
  }
}
