package dev.rill.tensor;

/** A layer, option or activation that Rill does not carry out, refused by name. */
public final class UnsupportedException extends RillException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message place, expectation, finding and fix
   */
  public UnsupportedException(String message) {
    super(message);
  }
}
