package dev.rill.tensor;

/** A state or session that cannot be used this way: another structure, other weights, two threads at once. */
public final class StateException extends RillException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message place, expectation, finding and fix
   */
  public StateException(String message) {
    super(message);
  }
}
