package dev.rill.events;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Timespan;

/** The events as the flight recorder knows them. */
final class EventTypes {
  private EventTypes() {}

  @Name("dev.rill.Batch")
  @Label("Batch")
  @Category("Rill")
  @Description("Steps of several streams that were carried out together")
  @Threshold("1 ms")
  @StackTrace(false)
  static final class Batch extends Event {
    @Label("Shard")
    int shard;
    @Label("Rows")
    int rows;
    @Label("Pending Requests")
    int pending;
    @Label("Oldest Wait")
    @Timespan
    long oldestWait;
  }

  @Name("dev.rill.StreamEnd")
  @Label("Stream End")
  @Category("Rill")
  @StackTrace(false)
  static final class StreamEnd extends Event {
    @Label("Cause")
    String cause;
    @Label("Hash of Key")
    int key;
    @Label("Age")
    @Timespan
    long age;
    @Label("Steps")
    long steps;
  }

  @Name("dev.rill.Reject")
  @Label("Reject")
  @Category("Rill")
  @StackTrace(false)
  static final class Reject extends Event {
    @Label("Cause")
    String cause;
    @Label("Hash of Key")
    int key;
  }

  @Name("dev.rill.Snapshot")
  @Label("Snapshot")
  @Category("Rill")
  @StackTrace(false)
  static final class Snapshot extends Event {
    @Label("Streams")
    long streams;
    @Label("Size of File")
    @DataAmount
    long bytes;
    @Label("Goes on from Another")
    boolean incremental;
    @Label("Elapsed")
    @Timespan
    long elapsed;
  }

  @Name("dev.rill.Restore")
  @Label("Restore")
  @Category("Rill")
  @StackTrace(false)
  static final class Restore extends Event {
    @Label("Streams")
    long streams;
    @Label("Files")
    int files;
    @Label("Elapsed")
    @Timespan
    long elapsed;
  }

  @Name("dev.rill.Swap")
  @Label("Swap of Weights")
  @Category("Rill")
  @StackTrace(false)
  static final class Swap extends Event {
    @Label("Weights Before")
    int from;
    @Label("Weights Now")
    int to;
    @Label("States")
    String carry;
    @Label("Elapsed")
    @Timespan
    long elapsed;
  }

  @Name("dev.rill.HandOver")
  @Label("Hand-over to SIMD")
  @Category("Rill")
  @StackTrace(false)
  static final class HandOver extends Event {
    @Label("Kernels")
    String kernels;
    @Label("Elapsed")
    @Timespan
    long elapsed;
  }

  @Name("dev.rill.ModelLoad")
  @Label("Model Load")
  @Category("Rill")
  @StackTrace(false)
  static final class ModelLoad extends Event {
    @Label("File")
    String file;
    @Label("Memory of Weights")
    @DataAmount
    long weightBytes;
    @Label("Elapsed")
    @Timespan
    long elapsed;
  }

  @Name("dev.rill.Pool")
  @Label("Pool of Streams")
  @Category("Rill")
  @Period("1 s")
  @StackTrace(false)
  static final class Pool extends Event {
    @Label("Shard")
    int shard;
    @Label("Streams")
    int streams;
    @Label("Room for Streams")
    int maxStreams;
    @Label("Pending Requests")
    int pending;
  }
}
