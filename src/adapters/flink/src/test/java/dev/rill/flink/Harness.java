package dev.rill.flink;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;

/** Flink's harness around one subtask of a network, with swaps or without. */
final class Harness implements AutoCloseable {
  private final KeyedOneInputStreamOperatorTestHarness<Integer, Event, Result> plain;
  private final KeyedTwoInputStreamOperatorTestHarness<Integer, Event, ModelSwap, Result> swapping;

  private Harness(KeyedOneInputStreamOperatorTestHarness<Integer, Event, Result> plain,
      KeyedTwoInputStreamOperatorTestHarness<Integer, Event, ModelSwap, Result> swapping) {
    this.plain = plain;
    this.swapping = swapping;
  }

  /** A subtask that goes on from a snapshot, or begins if that is null. */
  static Harness open(KeyedNetwork<Event, Result> settings, OperatorSubtaskState from) throws Exception {
    OneInputStreamOperator<Event, Result> operator =
        settings.most() == 1 ? new KeyedProcessOperator<>(settings.<Integer>function()) : new BatchOperator<>(settings);
    return of(operator, from);
  }

  static Harness of(OneInputStreamOperator<Event, Result> operator, OperatorSubtaskState from) throws Exception {
    return new Harness(new KeyedOneInputStreamOperatorTestHarness<>(operator, event -> event.key, Types.INT), null).start(from);
  }

  static Harness swapping(KeyedNetwork<Event, Result> settings, OperatorSubtaskState from) throws Exception {
    TwoInputStreamOperator<Event, ModelSwap, Result> operator = settings.most() == 1
        ? new CoBroadcastWithKeyedOperator<>(new RillSwapFunction<Integer, Event, Result>(settings), List.of(SwapLog.descriptor()))
        : new BatchSwapOperator<>(settings);
    return new Harness(null, new KeyedTwoInputStreamOperatorTestHarness<>(operator, event -> event.key, null, Types.INT)).start(from);
  }

  private Harness start(OperatorSubtaskState from) throws Exception {
    try {
      any().setup();
      if (from != null) {
        any().initializeState(from);
      }
      any().open();
      return this;
    } catch (Exception e) {
      abort();
      throw e;
    }
  }

  /** As Flink does: what has failed is not finished, but it is closed. */
  void abort() throws Exception {
    (plain == null ? swapping.getOperator() : plain.getOperator()).close();
  }

  private AbstractStreamOperatorTestHarness<Result> any() {
    return plain == null ? swapping : plain;
  }

  void process(Event event) throws Exception {
    StreamRecord<Event> record = new StreamRecord<>(event, event.time);
    if (plain == null) {
      swapping.processElement1(record);
    } else {
      plain.processElement(record);
    }
  }

  void process(List<Event> events) throws Exception {
    for (Event event : events) {
      process(event);
    }
  }

  void swap(ModelSwap swap) throws Exception {
    swapping.processElement2(new StreamRecord<>(swap));
  }

  void watermark(long time) throws Exception {
    if (plain == null) {
      swapping.processBothWatermarks(new Watermark(time));
    } else {
      plain.processWatermark(time);
    }
  }

  void clock(long time) throws Exception {
    any().setProcessingTime(time);
  }

  void barrier() throws Exception {
    any().prepareSnapshotPreBarrier(1);
  }

  void finish() throws Exception {
    plain.endInput();
    plain.getOperator().finish();
  }

  OperatorSubtaskState snapshot() throws Exception {
    barrier();
    return any().snapshot(1, 1);
  }

  int states() {
    return plain == null ? swapping.numKeyedStateEntries() : plain.numKeyedStateEntries();
  }

  int timers() {
    return plain == null ? swapping.numEventTimeTimers() + swapping.numProcessingTimeTimers()
        : plain.numEventTimeTimers() + plain.numProcessingTimeTimers();
  }

  /** What has come out since the last call. */
  List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (Object element : any().getOutput()) {
      if (element instanceof StreamRecord<?> record) {
        Result result = (Result) record.getValue();
        results.add(result);
        if (record.getTimestamp() != result.number) {
          throw new AssertionError("record " + result.number + " has time " + record.getTimestamp());
        }
      }
    }
    any().getOutput().clear();
    return results;
  }

  @Override
  public void close() {
    try {
      any().close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
