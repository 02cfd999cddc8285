package dev.rill.serving;

/** What becomes of a stream's state when other weights take over, or when it comes from a file that other weights wrote. */
public enum Carry {
  /** It is refused: a {@link dev.rill.tensor.StateException}, before anything changes. */
  REFUSE,
  /** It goes on as it is; structures must be equal in order, kind and units. */
  KEEP,
  /** The stream begins at zero, and has read nothing: a later REPLAY is of the inputs since. */
  RESET,
  /**
   * The stream begins at zero and reads its last inputs again, with the new weights. The pool has to keep them, see
   * {@link StreamPool#keepInputs}.
   */
  REPLAY
}
