package dev.rill.serving;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which weights have stepped stored streams, and what becomes of a stream that has slept through swaps. That follows from the weights
 * that wrote it, see {@link StoredStreams#weights}, whenever it is asked: a stream of the running weights goes on; one of earlier weights
 * goes by the swaps since they ran last, in turn. Once RESET it begins at zero, and has no state that could be refused; a REPLAY stays
 * one through a KEEP, and is read by the weights that run when the stream is loaded; REFUSE refuses it until the next swap, which finds
 * it as it was before: REPLAY, REFUSE, KEEP is a REPLAY. Streams of weights that never ran here go by what is said of them at the
 * beginning, and then by all swaps. A value; it grows with the number of different weights, not with that of swaps.
 *
 * @param running fingerprint of the weights that step streams now
 * @param refuses whether the last that was said is REFUSE
 * @param unknown what becomes of streams of weights that never ran, once nothing refuses them: KEEP, RESET or REPLAY
 * @param earlier what becomes of streams of earlier weights, once nothing refuses them, by their fingerprints; not to be changed
 */
public record SwapHistory(int running, boolean refuses, Carry unknown, Map<Integer, Carry> earlier) {
  /**
   * Copies the map.
   *
   * @throws RillException if something is missing, or a policy is REFUSE
   */
  public SwapHistory {
    checkPending(Require.given(unknown, "what becomes of streams of unknown weights"));
    Map<Integer, Carry> copy = new TreeMap<>();
    for (Map.Entry<Integer, Carry> each : Require.given(earlier, "what becomes of earlier weights' streams").entrySet()) {
      checkPending(Require.given(each.getValue(), "what becomes of their streams"));
      copy.put(Require.given(each.getKey(), "earlier weights"), each.getValue());
    }
    earlier = Collections.unmodifiableMap(copy);
  }

  private static void checkPending(Carry carry) {
    if (carry == Carry.REFUSE) {
      throw new RillException("what becomes of streams once nothing refuses them is REFUSE: expected KEEP, RESET or REPLAY");
    }
  }

  /**
   * The weights that step the first streams.
   *
   * @param weights their fingerprint
   * @param unknown what becomes of streams that other weights wrote before
   * @return a history without a swap
   */
  public static SwapHistory of(int weights, Carry unknown) {
    boolean refuses = Require.given(unknown, "what becomes of streams of unknown weights") == Carry.REFUSE;
    return new SwapHistory(weights, refuses, refuses ? Carry.KEEP : unknown, Map.of());
  }

  /**
   * Adds a swap. The same one again changes nothing; the running weights with another policy say it anew for all others.
   *
   * @param next fingerprint of the weights that run from now on
   * @param carry what becomes of streams of other weights
   * @return what holds from then on
   */
  public SwapHistory swap(int next, Carry carry) {
    Require.given(carry, "what becomes of streams of other weights");
    boolean refuses = carry == Carry.REFUSE;
    Map<Integer, Carry> all = new TreeMap<>(earlier);
    all.replaceAll((weights, before) -> then(before, carry));
    if (next != running) {
      all.put(running, then(Carry.KEEP, carry));
      all.remove(next);
    }
    return new SwapHistory(next, refuses, then(unknown, carry), all);
  }

  /** What becomes of a stream that sleeps through two swaps; a refusal leaves it as it is. */
  private static Carry then(Carry before, Carry next) {
    boolean stays = before == Carry.RESET || before == Carry.REPLAY && next == Carry.KEEP || next == Carry.REFUSE;
    return stays ? before : next;
  }

  /**
   * What becomes of a stream when it is loaded.
   *
   * @param weights fingerprint of the weights that wrote it
   * @return a policy; KEEP for the running weights
   */
  public Carry carry(int weights) {
    if (weights == running) {
      return Carry.KEEP;
    }
    Carry carry = earlier.getOrDefault(weights, unknown);
    return refuses && carry != Carry.RESET ? Carry.REFUSE : carry;
  }
}
