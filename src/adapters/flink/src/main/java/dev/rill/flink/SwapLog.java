package dev.rill.flink;

import dev.rill.serving.Carry;
import dev.rill.serving.SwapHistory;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The models of a subtask one after the other, in broadcast state: the running one, and by their weights those before it. The policy of
 * an earlier one says what becomes of states that it wrote; that of the running one, what becomes of states of unknown weights.
 */
final class SwapLog {
  private static final String RUNNING = "running";

  /** Null without swaps. */
  private final BroadcastState<String, ModelSwap> kept;
  private ModelSwap running;
  private SwapHistory history;

  private SwapLog(BroadcastState<String, ModelSwap> kept) {
    this.kept = kept;
  }

  /** Of a job without swaps. */
  static SwapLog none() {
    return new SwapLog(null);
  }

  /** What a checkpoint has. */
  static SwapLog of(BroadcastState<String, ModelSwap> kept) throws Exception {
    SwapLog log = new SwapLog(kept);
    log.running = kept.get(RUNNING);
    if (log.running != null) {
      Map<Integer, Carry> earlier = new HashMap<>();
      for (Map.Entry<String, ModelSwap> entry : kept.immutableEntries()) {
        if (!entry.getKey().equals(RUNNING)) {
          earlier.put(entry.getValue().weights, entry.getValue().carry);
        }
      }
      log.history = new SwapHistory(log.running.weights, log.running.carry, earlier);
    }
    return log;
  }

  /** Names the broadcast state. */
  static MapStateDescriptor<String, ModelSwap> descriptor() {
    return new MapStateDescriptor<>("rill-models", Types.STRING, TypeInformation.of(ModelSwap.class));
  }

  /** The model of the last swap, or another one if there was none. */
  ModelAddress model(ModelAddress first) {
    return running == null ? first : running.model();
  }

  /** Says which weights the model has, and what becomes of states of others if there was no swap. */
  void begin(ModelAddress model, int weights, Carry unknown) {
    if (running == null) {
      running = model.swap(weights, unknown);
      history = SwapHistory.of(weights, unknown);
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
    running = swap.carried(history.unknown());
    kept.put(RUNNING, running);
  }

  private static String key(int weights) {
    return Integer.toHexString(weights);
  }

  /** What becomes of states that some weights wrote. */
  Carry carry(int weights) {
    return history.carry(weights);
  }
}
