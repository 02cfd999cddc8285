package dev.rill.keras;

/**
 * A version of Keras before 3. Up to 2.3 there were two: Keras itself on its several backends, and the one within TensorFlow, whose
 * versions end in {@code -tf}; from 2.4 on only that.
 *
 * @param minor the second number of a version 2; 0 before
 * @param standalone whether it is not the one within TensorFlow
 */
record LegacyVersion(int minor, boolean standalone) {
  static LegacyVersion of(String version) {
    String[] numbers = version.split("[.-]");
    int minor = numbers[0].equals("2") && numbers.length > 1 && numbers[1].matches("\\d{1,3}") ? Integer.parseInt(numbers[1]) : 0;
    return new LegacyVersion(minor, minor < 4 && !version.endsWith("tf"));
  }

  /** Whether the accuracy that was asked for follows from the loss; since, it follows from shapes alone. */
  boolean accuracyByLoss() {
    return minor < 3 || standalone;
  }
}
