package dev.rill.flink;

import dev.rill.serving.Carry;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The hot swaps that a subtask has seen, numbered from 1: of all of them the last one, which says what runs, and the last one that made
 * states begin anew, which says what becomes of a key that has slept through it. Kept in broadcast state, no more than these two.
 */
final class SwapLog {
  private int last;
  private ModelSwap running;
  private int anew;
  private Carry how;

  /** Names the broadcast state. */
  static MapStateDescriptor<Integer, ModelSwap> descriptor() {
    return new MapStateDescriptor<>("rill-models", Types.INT, TypeInformation.of(ModelSwap.class));
  }

  /** Reads what a checkpoint has. */
  void read(ReadOnlyBroadcastState<Integer, ModelSwap> state) throws Exception {
    for (Map.Entry<Integer, ModelSwap> entry : state.immutableEntries()) {
      note(entry.getKey(), entry.getValue());
    }
  }

  private void note(int number, ModelSwap swap) {
    if (number > last) {
      last = number;
      running = swap;
    }
    if (swap.carry != Carry.KEEP && number > anew) {
      anew = number;
      how = swap.carry;
    }
  }

  /** Adds a swap and forgets those that say nothing more. */
  void add(ModelSwap swap, BroadcastState<Integer, ModelSwap> state) throws Exception {
    note(last + 1, swap);
    state.put(last, swap);
    List<Integer> past = new ArrayList<>();
    for (Map.Entry<Integer, ModelSwap> entry : state.immutableEntries()) {
      if (entry.getKey() != last && entry.getKey() != anew) {
        past.add(entry.getKey());
      }
    }
    for (Integer number : past) {
      state.remove(number);
    }
  }

  int last() {
    return last;
  }

  /** The last swap, or null if there was none. */
  ModelSwap running() {
    return running;
  }

  /** What becomes of a state that has met some swaps and none since; null if it is that of the last one. */
  Carry carry(int met) {
    return met < anew ? how : met < last ? Carry.KEEP : null;
  }
}
