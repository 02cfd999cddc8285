package dev.rill.tensor;

/**
 * Something Rill refuses: the root of every unchecked exception that it throws on purpose.
 *
 * <p>A message names the place (layer, axis, file offset), what was expected, what came, and the
 * likely fix. What it quotes of files and users is there as text that can be shown, see {@link PlainText}. Faults of input and
 * output stay {@link java.io.IOException}.
 */
public class RillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message place, expectation, finding and fix
   */
  public RillException(String message) {
    super(message == null ? null : PlainText.shown(message));
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message place, expectation, finding and fix
   * @param cause what led to it
   */
  public RillException(String message, Throwable cause) {
    super(message == null ? null : PlainText.shown(message), cause);
  }
}
