package dev.rill.flink;

import dev.rill.serving.Carry;
import dev.rill.serving.SwapHistory;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The models of a subtask one after the other, in broadcast state: the running one, and by their weights those before it. The policy of
 * an earlier one says what becomes of states that it wrote; that of the running one, whether they are refused; and one more entry has
 * that for states of unknown weights.
 */
final class SwapLog {
  private static final String NAME = "rill-models";
  private static final String RUNNING = "running";
  private static final String UNKNOWN = "unknown";

  /** Null where there never was a stream of swaps. */
  private final BroadcastState<String, ModelSwap> kept;
  /** Whether a stream of swaps says which model runs, and not the settings. */
  private final boolean streamed;
  private ModelSwap running;
  private SwapHistory history;

  private SwapLog(BroadcastState<String, ModelSwap> kept, boolean streamed) {
    this.kept = kept;
    this.streamed = streamed;
  }

  /** What a checkpoint has, of a job with a stream of swaps. */
  static SwapLog streamed(OperatorStateStore store) throws Exception {
    return read(store, true);
  }

  /** What a checkpoint has, of a job without: that of one with such a stream, whose states may go on here. */
  static SwapLog unstreamed(OperatorStateStore store) throws Exception {
    return store.getRegisteredBroadcastStateNames().contains(NAME) ? read(store, false) : new SwapLog(null, false);
  }

  private static SwapLog read(OperatorStateStore store, boolean streamed) throws Exception {
    BroadcastState<String, ModelSwap> kept = store.getBroadcastState(descriptor());
    SwapLog log = new SwapLog(kept, streamed);
    log.running = kept.get(RUNNING);
    if (log.running != null) {
      Map<Integer, Carry> earlier = new HashMap<>();
      for (Map.Entry<String, ModelSwap> entry : kept.immutableEntries()) {
        if (!entry.getKey().equals(RUNNING) && !entry.getKey().equals(UNKNOWN)) {
          earlier.put(entry.getValue().weights, entry.getValue().carry);
        }
      }
      log.history = new SwapHistory(log.running.weights, log.running.carry == Carry.REFUSE, kept.get(UNKNOWN).carry, earlier);
    }
    return log;
  }

  /** Names the broadcast state. */
  static MapStateDescriptor<String, ModelSwap> descriptor() {
    return new MapStateDescriptor<>(NAME, Types.STRING, TypeInformation.of(ModelSwap.class));
  }

  /** The model that runs: that of the settings, unless a swap was broadcast. */
  ModelAddress model(ModelAddress settings) {
    return streamed && running != null ? running.model() : settings;
  }

  /**
   * Says which weights the model has, and what the settings say of states of others: that is all there is if there was no swap, and a
   * swap of its own where no stream says which model runs.
   */
  void begin(ModelAddress model, int weights, Carry carry) throws Exception {
    if (running == null) {
      running = model.swap(weights, carry);
      history = SwapHistory.of(weights, carry);
    } else if (!streamed && (weights != running.weights || carry != Carry.REFUSE)) {
      add(model.swap(weights, carry));
    }
  }

  void add(ModelSwap swap) throws Exception {
    kept.put(key(running.weights), running);
    kept.remove(key(swap.weights));
    history = history.swap(swap.weights, swap.carry);
    for (Map.Entry<Integer, Carry> earlier : history.earlier().entrySet()) {
      String key = key(earlier.getKey());
      kept.put(key, kept.get(key).carried(earlier.getValue()));
    }
    running = swap;
    kept.put(RUNNING, running);
    kept.put(UNKNOWN, running.carried(history.unknown()));
  }

  private static String key(int weights) {
    return Integer.toHexString(weights);
  }

  /** What becomes of states that some weights wrote. */
  Carry carry(int weights) {
    return history.carry(weights);
  }
}
