package dev.rill.serving;

import dev.rill.Network;
import java.time.Duration;

/**
 * A swap that was made, and the way back. It keeps the weights that were replaced: drop it when they are needed no more.
 */
public final class Swap {
  private final SequenceBatcher<?> batcher;
  private final Network previous;
  private final int weights;
  private final Duration elapsed;

  Swap(SequenceBatcher<?> batcher, Network previous, int weights, Duration elapsed) {
    this.batcher = batcher;
    this.previous = previous;
    this.weights = weights;
    this.elapsed = elapsed;
  }

  /**
   * What gave the answers before.
   *
   * @return the network that was replaced
   */
  public Network previous() {
    return previous;
  }

  /**
   * Fingerprint of the weights that give the answers since, as completions are told.
   *
   * @return see {@link Network#weightsFingerprint()}
   */
  public int weights() {
    return weights;
  }

  /**
   * How long it took, the probe included.
   *
   * @return some milliseconds
   */
  public Duration elapsed() {
    return elapsed;
  }

  /**
   * Puts the previous weights back, if others are in place.
   *
   * @param carry what becomes of the states that have gone on meanwhile
   * @return the swap that this is
   */
  public Swap back(Carry carry) {
    return batcher.swap(previous, carry);
  }

  /** Returns the weights before and after, and how long it took. */
  @Override
  public String toString() {
    return "Swap of weights " + Integer.toHexString(previous.weightsFingerprint()) + " for " + Integer.toHexString(weights) + " in "
        + elapsed.toMillis() + " ms";
  }
}
