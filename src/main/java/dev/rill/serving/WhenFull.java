package dev.rill.serving;

/** What submitting to a full queue does. */
public enum WhenFull {
  /** The request is refused at once, and counted. */
  REJECT,
  /** The caller waits for room. */
  BLOCK,
  /** The caller carries out a batch of those that wait, then his request takes its turn. */
  CALLER_RUNS
}
