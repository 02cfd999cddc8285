package dev.rill;

import dev.rill.engine.Recording;
import dev.rill.tensor.ShapeException;

/**
 * Writes down what a session does: the last so many steps of each stream, and of what is within a
 * {@code TimeDistributed} all that it does in them. Room is made once, when it starts; a step that is recorded
 * allocates nothing. A stream's history goes on through resets, and a row that is copied or loaded brings none with it. For the
 * thread of its session.
 */
public final class Recorder {
  private final Recording recording;

  Recorder(Recording recording) {
    this.recording = recording;
  }

  Recording recording() {
    return recording;
  }

  /**
   * Number of streams that are recorded.
   *
   * @return those of the session when the recorder started; streams that come later are not recorded
   */
  public int rows() {
    return recording.rows();
  }

  /**
   * What all streams have done.
   *
   * @return a copy of their last steps
   * @throws ShapeException if some have made more steps than others: {@link #trace(int)} tells of one
   */
  public Trace trace() {
    if (!recording.even()) {
      throw new ShapeException("the streams have made different numbers of steps: ask for a trace of one, by its row");
    }
    return Trace.of(recording, 0, rows());
  }

  /**
   * What one stream has done.
   *
   * @param row the stream
   * @return a copy of its last steps, a trace of one row
   * @throws ShapeException if there is no such row
   */
  public Trace trace(int row) {
    if (row < 0 || row >= rows()) {
      throw new ShapeException("row " + row + ": the recorder has " + rows() + " rows");
    }
    return Trace.of(recording, row, 1);
  }

  @Override
  public String toString() {
    return "recorder of " + rows() + " rows";
  }
}
