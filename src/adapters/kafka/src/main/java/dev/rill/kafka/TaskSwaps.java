package dev.rill.kafka;

import dev.rill.serving.Carry;
import dev.rill.serving.SwapHistory;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The networks that a task has taken up, in a store of its own, so that what becomes of a key does not depend on which process steps it
 * and what that one has seen. One entry of text, a {@link SwapHistory}: fingerprint of the running weights, REFUSE if they refuse, policy
 * for unknown ones, then for each of the earlier ones fingerprint and policy, such as {@code 1a2b3c4d REFUSE KEEP 0f0e0d0c REPLAY}.
 */
final class TaskSwaps {
  private static final String ENTRY = "weights";
  private static final int HEXADECIMAL = 16;

  private final KeyValueStore<String, String> store;
  private SwapHistory history;

  TaskSwaps(KeyValueStore<String, String> store) {
    this.store = store;
  }

  /** A network steps from now on. */
  void take(ServedNetwork.Version version) {
    int weights = version.network().weightsFingerprint();
    String before = store.get(ENTRY);
    history = before == null ? SwapHistory.of(weights, version.carry()) : parse(before).swap(weights, version.carry());
    String now = text(history);
    if (!now.equals(before)) {
      store.put(ENTRY, now);
    }
  }

  /** What becomes of a stream that some weights wrote. */
  Carry carry(int weights) {
    return history.carry(weights);
  }

  private static String text(SwapHistory history) {
    StringBuilder text = new StringBuilder(hex(history.running()));
    if (history.refuses()) {
      text.append(' ').append(Carry.REFUSE);
    }
    text.append(' ').append(history.unknown());
    for (Map.Entry<Integer, Carry> entry : history.earlier().entrySet()) {
      text.append(' ').append(hex(entry.getKey())).append(' ').append(entry.getValue());
    }
    return text.toString();
  }

  private static String hex(int weights) {
    return String.format("%08x", weights);
  }

  private static SwapHistory parse(String text) {
    String[] words = text.split(" ");
    try {
      boolean refuses = Carry.valueOf(words[1]) == Carry.REFUSE;
      int unknown = refuses ? 2 : 1;
      Map<Integer, Carry> earlier = new TreeMap<>();
      for (int i = unknown + 1; i < words.length; i += 2) {
        earlier.put(weights(words[i]), Carry.valueOf(words[i + 1]));
      }
      return new SwapHistory(weights(words[0]), refuses, Carry.valueOf(words[unknown]), earlier);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | RillException foreign) {
      throw new StateException("the store of the networks that ran has '" + text + "': expected fingerprints of weights in hexadecimal, "
          + "each with KEEP, RESET or REPLAY behind it, and REFUSE behind the first one if they refuse, with blanks between them; is it "
          + "another's store?");
    }
  }

  private static int weights(String hexadecimal) {
    return Integer.parseUnsignedInt(hexadecimal, HEXADECIMAL);
  }
}
