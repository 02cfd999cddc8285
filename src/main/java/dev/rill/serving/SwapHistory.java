package dev.rill.serving;

import dev.rill.tensor.Require;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which weights have stepped stored streams, and what becomes of a stream that has slept through swaps. That follows from the weights
 * that wrote it, see {@link StoredStreams#weights}, whenever it is asked: a stream of the running weights goes on; one of earlier weights
 * goes by the swaps since they ran last, in turn: once RESET it begins at zero, a REPLAY stays one through a KEEP, and a stream that was
 * refused goes by the next swap. Streams of weights that never ran here go by what is said of them at the beginning, and then by all
 * swaps. A value; it grows with the number of different weights, not with that of swaps.
 *
 * @param running fingerprint of the weights that step streams now
 * @param unknown what becomes of streams of weights that never ran
 * @param earlier what becomes of streams of earlier weights, by their fingerprints; not to be changed
 */
public record SwapHistory(int running, Carry unknown, Map<Integer, Carry> earlier) {
  /** Copies the map. */
  public SwapHistory {
    Require.given(unknown, "what becomes of streams of unknown weights");
    Map<Integer, Carry> copy = new TreeMap<>();
    for (Map.Entry<Integer, Carry> each : Require.given(earlier, "what becomes of earlier weights' streams").entrySet()) {
      copy.put(Require.given(each.getKey(), "earlier weights"), Require.given(each.getValue(), "what becomes of their streams"));
    }
    earlier = Collections.unmodifiableMap(copy);
  }

  /**
   * The weights that step the first streams.
   *
   * @param weights their fingerprint
   * @param unknown what becomes of streams that other weights wrote before
   * @return a history without a swap
   */
  public static SwapHistory of(int weights, Carry unknown) {
    return new SwapHistory(weights, unknown, Map.of());
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
    Map<Integer, Carry> all = new TreeMap<>(earlier);
    all.replaceAll((weights, before) -> then(before, carry));
    if (next != running) {
      all.put(running, carry);
      all.remove(next);
    }
    return new SwapHistory(next, then(unknown, carry), all);
  }

  /** What becomes of a stream that sleeps through two swaps. */
  private static Carry then(Carry before, Carry next) {
    boolean stays = before == Carry.RESET || before == Carry.REPLAY && next == Carry.KEEP;
    return stays ? before : next;
  }

  /**
   * What becomes of a stream when it is loaded.
   *
   * @param weights fingerprint of the weights that wrote it
   * @return a policy; KEEP for the running weights
   */
  public Carry carry(int weights) {
    return weights == running ? Carry.KEEP : earlier.getOrDefault(weights, unknown);
  }
}
