package dev.rill.events;

import jdk.jfr.FlightRecorder;

/** Events that are told to the flight recorder. */
final class RecordedEvents extends Events {
  private final EventTypes.Batch batch = new EventTypes.Batch();
  private final EventTypes.StreamEnd streamEnd = new EventTypes.StreamEnd();

  @Override
  public Events current() {
    return this;
  }

  @Override
  public void beginBatch() {
    batch.begin();
  }

  @Override
  public void endBatch(int shard, int rows, int pending, long oldestWait) {
    batch.end();
    if (batch.shouldCommit()) {
      batch.shard = shard;
      batch.rows = rows;
      batch.pending = pending;
      batch.oldestWait = oldestWait;
      batch.commit();
    }
  }

  @Override
  public void streamEnd(String cause, int key, long age, long steps) {
    // One that is used again would last since the last time.
    streamEnd.begin();
    streamEnd.end();
    if (streamEnd.shouldCommit()) {
      streamEnd.cause = cause;
      streamEnd.key = key;
      streamEnd.age = age;
      streamEnd.steps = steps;
      streamEnd.commit();
    }
  }

  @Override
  public void reject(String cause, int key) {
    EventTypes.Reject event = new EventTypes.Reject();
    event.cause = cause;
    event.key = key;
    event.commit();
  }

  @Override
  public void snapshot(long streams, long bytes, boolean incremental, long elapsed) {
    EventTypes.Snapshot event = new EventTypes.Snapshot();
    event.streams = streams;
    event.bytes = bytes;
    event.incremental = incremental;
    event.elapsed = elapsed;
    event.commit();
  }

  @Override
  public void restore(long streams, int files, long elapsed) {
    EventTypes.Restore event = new EventTypes.Restore();
    event.streams = streams;
    event.files = files;
    event.elapsed = elapsed;
    event.commit();
  }

  @Override
  public void swap(int from, int to, String carry, long elapsed) {
    EventTypes.Swap event = new EventTypes.Swap();
    event.from = from;
    event.to = to;
    event.carry = carry;
    event.elapsed = elapsed;
    event.commit();
  }

  @Override
  public void handOver(String kernels, long elapsed) {
    EventTypes.HandOver event = new EventTypes.HandOver();
    event.kernels = kernels;
    event.elapsed = elapsed;
    event.commit();
  }

  @Override
  public void modelLoad(String file, long weightBytes, long elapsed) {
    EventTypes.ModelLoad event = new EventTypes.ModelLoad();
    event.file = file;
    event.weightBytes = weightBytes;
    event.elapsed = elapsed;
    event.commit();
  }

  @Override
  public void pool(int shard, int streams, int maxStreams, int pending) {
    EventTypes.Pool event = new EventTypes.Pool();
    event.shard = shard;
    event.streams = streams;
    event.maxStreams = maxStreams;
    event.pending = pending;
    event.commit();
  }

  @Override
  public void addPeriodic(Runnable hook) {
    FlightRecorder.addPeriodicEvent(EventTypes.Pool.class, hook);
  }

  @Override
  public void removePeriodic(Runnable hook) {
    FlightRecorder.removePeriodicEvent(hook);
  }
}
