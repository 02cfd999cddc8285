package dev.rill.flink;

import org.apache.flink.util.Collector;

/** From event to result. */
class EventSteps implements RecordSteps<Event, Result> {
  private static final long serialVersionUID = 1;

  @Override
  public int steps(Event event) {
    return event.steps();
  }

  @Override
  public void read(Event event, float[] x) {
    System.arraycopy(event.x, 0, x, 0, event.x.length);
  }

  @Override
  public void write(Event event, float[] y, int weights, Collector<Result> out) {
    out.collect(Result.of(event, y, weights));
  }
}
