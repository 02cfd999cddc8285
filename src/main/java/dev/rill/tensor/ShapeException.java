package dev.rill.tensor;

/** Sizes that do not fit: an axis, an array length, a number of rows. */
public final class ShapeException extends RillException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message place, expectation, finding and fix
   */
  public ShapeException(String message) {
    super(message);
  }
}
