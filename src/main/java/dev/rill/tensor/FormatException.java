package dev.rill.tensor;

/** The content of a file is not what its format says: truncated, damaged, hostile or outside the subset that is read. */
public final class FormatException extends RillException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message place, expectation, finding and fix
   */
  public FormatException(String message) {
    super(message);
  }
}
