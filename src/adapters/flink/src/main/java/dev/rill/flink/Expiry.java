package dev.rill.flink;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.Serializable;
import java.time.Duration;

/**
 * When a key's stream ends. What counts are the times of its records: one that comes later than that after the one before begins anew,
 * whether or not a timer has cleared the state by then; so that a job which replays records comes to the same bits. The timer only frees
 * memory. (Flink's state TTL goes by the clock, and would let a job that was down for a while forget other keys than one that was not.)
 *
 * @param idle milliseconds without a record; 0 for never
 * @param byClock whether the time of a record is that of its processing
 */
record Expiry(long idle, boolean byClock) implements Serializable {
  static final Expiry NEVER = new Expiry(0, false);
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(366_000);

  static Expiry after(Duration idle, boolean byClock) {
    if (Require.given(idle, "the time without records").compareTo(SHORTEST) < 0 || idle.compareTo(LONGEST) > 0) {
      throw new RillException("streams end after " + idle + " without a record: expected a millisecond to a thousand years");
    }
    return new Expiry(idle.toMillis(), byClock);
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

  /** When the timer is due that frees a key's memory: at the first time that is too late for a record. */
  long end(long lastSeen) {
    return lastSeen + idle + 1;
  }
}
