package dev.rill.flink;

import dev.rill.serving.Carry;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.Serializable;

/**
 * A hot swap of the model, to be broadcast: address, fingerprint and policy, never weights. A POJO of Flink's, whose fields are what
 * travels; make it with {@link #to}.
 *
 * <p>Keys are carried over one by one, when their next record comes, so that a swap takes no longer for a million keys than for one. All
 * subtasks have to see swaps in one order: give the broadcast stream a source of parallelism 1.
 */
public final class ModelSwap implements Serializable {
  private static final long serialVersionUID = 1;

  /** Where the model is, see {@link ModelAddress#of}. */
  public String address;
  /** Fingerprint of its weights. */
  public int weights;
  /** Precision of its weights. */
  public Precision precision;
  /** What becomes of states of other weights. */
  public Carry carry;

  /** For Flink; {@link #to} fills it. */
  public ModelSwap() {}

  /**
   * Swaps to a model.
   *
   * @param address where the task managers find it
   * @param weights fingerprint of its weights, see {@link dev.rill.Network#weightsFingerprint()}: a task manager that finds others fails
   *     the job, which goes on from its last checkpoint
   * @param carry what becomes of states of other weights: {@link Carry#KEEP}, {@link Carry#RESET} or {@link Carry#REPLAY}; another
   *     structure than that of the model before needs one of the last two, and REPLAY needs {@link KeyedNetwork#keepInputs}; else the
   *     job fails before anything changes
   * @return what to broadcast
   * @throws RillException if the policy is REFUSE, which would stop the job at its next record
   */
  public static ModelSwap to(String address, int weights, Carry carry) {
    if (Require.given(carry, "what becomes of states of other weights") == Carry.REFUSE) {
      throw new RillException("a swap with Carry.REFUSE would refuse every state: say KEEP, RESET or REPLAY");
    }
    return ModelAddress.of(address).swap(weights, carry);
  }

  ModelSwap carried(Carry other) {
    return model().swap(weights, other);
  }

  ModelAddress model() {
    return ModelAddress.of(address).weights(weights).precision(precision);
  }

  /** Returns address, weights and policy. */
  @Override
  public String toString() {
    return model() + ", " + carry;
  }
}
