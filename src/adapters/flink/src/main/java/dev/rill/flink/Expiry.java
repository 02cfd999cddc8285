package dev.rill.flink;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;

/**
 * When a key's stream ends. What counts are the times of its records: one that is later than that after the latest before begins anew,
 * whether or not a timer has cleared the state by then; so that a job which replays records comes to the same bits. The timer only frees
 * memory, and makes a difference for late records alone: one that comes behind a watermark for which its stream had ended begins anew.
 * (Flink's state TTL goes by the clock, and would let a job that was down for a while forget other keys than one that was not.)
 *
 * @param idle milliseconds without a record; 0 for never
 * @param byClock whether the time of a record is that of its processing
 */
record Expiry(long idle, boolean byClock) implements Serializable {
  static final Expiry NEVER = new Expiry(0, false);

  static Expiry after(Duration idle, boolean byClock) {
    return new Expiry(Require.millis(idle, "the time without a record after which streams end"), byClock);
  }

  boolean isNever() {
    return idle == 0;
  }

  /** The time of a record. */
  long time(Long timestamp, long clock) {
    if (isNever()) {
      return RillState.UNKNOWN;
    }
    if (byClock) {
      return clock;
    }
    if (timestamp == null) {
      throw new RillException("records have no timestamps, by which streams are to end: assign them, or say idleByClock");
    }
    return timestamp;
  }

  boolean isOver(long lastSeen, long time) {
    return !isNever() && lastSeen != RillState.UNKNOWN && time - lastSeen > idle;
  }

  /** What is known after a record of some time. */
  long seen(long lastSeen, long time) {
    return isNever() ? RillState.UNKNOWN : Math.max(lastSeen, time);
  }

  /** Sets the one timer of the current key, which is due at the first time that is too late for a record. */
  void register(RillState state, TimerService timers) {
    if (isNever()) {
      return;
    }
    if (byClock) {
      timers.registerProcessingTimeTimer(end(state));
    } else {
      timers.registerEventTimeTimer(end(state));
    }
  }

  /** Frees the current key's memory, or waits for the time at which that is due. */
  void onTimer(long time, ValueState<RillState> states, TimerService timers) throws IOException {
    RillState state = states.value();
    if (state == null || isNever() || state.lastSeen == RillState.UNKNOWN) {
      return;
    }
    if (end(state) <= time) {
      states.clear();
    } else {
      register(state, timers);
    }
  }

  private long end(RillState state) {
    return state.lastSeen + idle + 1;
  }
}
