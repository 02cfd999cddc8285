package dev.rill.flink;

import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;

/** Passes events on, and throws on its first attempts, some records behind the n-th checkpoint that completes. */
final class ThrowingMap extends RichMapFunction<Event, Event> implements CheckpointListener {
  private static final long serialVersionUID = 1;
  private static final int RECORDS_BEHIND = 37;

  private final int attempts;
  private final int checkpoints;
  private transient int complete;
  private transient int behind;

  ThrowingMap(int attempts, int checkpoints) {
    this.attempts = attempts;
    this.checkpoints = checkpoints;
  }

  @Override
  public Event map(Event event) {
    if (complete >= checkpoints && getRuntimeContext().getTaskInfo().getAttemptNumber() < attempts && ++behind >= RECORDS_BEHIND) {
      throw new IllegalStateException("thrown on purpose");
    }
    return event;
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    complete++;
  }
}
