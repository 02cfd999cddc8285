package dev.rill.layers;

/** A layer that carries a state over the steps of a sequence: what {@link Bidirectional} runs both ways. */
interface OverTime {
  /** Whether every time step's output is returned rather than the last one's. */
  boolean returnSequences();

  /** Whether the final states are returned behind the output. */
  boolean returnState();

  /** Whether time runs from the last step to the first. */
  boolean goBackwards();

  /** Whether a model carries its state from call to call. */
  boolean stateful();

  /** A copy in which time runs backwards, or does not. */
  OverTime goBackwards(boolean backwards);

  /** A copy in which a masked step's output is zeros, or that of the step before. */
  OverTime zeroOutputForMask(boolean zeros);
}
