package dev.rill.flink;

import java.util.List;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Steps the streams of many keys in batches. Records wait outside Flink's state, so none may wait while a checkpoint barrier, a watermark
 * or the end passes: each of them steps the batch first.
 */
abstract class BatchSteps<K, IN, OUT> extends AbstractStreamOperator<OUT> implements Triggerable<K, VoidNamespace> {
  private static final long serialVersionUID = 1;

  private final KeyedNetwork<IN, OUT> settings;
  private transient StreamSteps<IN, OUT> steps;
  private transient ValueState<RillState> states;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient Batch<IN> batch;
  private transient TimestampedCollector<OUT> out;
  /** Copies what the operator before will write into again; null if it will not. */
  private transient TypeSerializer<IN> copier;
  /** When the first record of the batch has waited long enough. */
  private transient long due;
  private transient boolean waking;

  BatchSteps(KeyedNetwork<IN, OUT> settings) {
    this.settings = settings;
  }

  @Override
  public void open() throws Exception {
    super.open();
    steps = StreamSteps.open(settings, settings.most(), getRuntimeContext());
    states = getRuntimeContext().getState(steps.descriptor());
    timers = getInternalTimerService("rill-idle", VoidNamespaceSerializer.INSTANCE, this);
    batch = new Batch<>();
    out = new TimestampedCollector<>(output);
    copier = getExecutionConfig().isObjectReuseEnabled()
        ? getOperatorConfig().getTypeSerializerIn(0, getUserCodeClassloader())
        : null;
  }

  StreamSteps<IN, OUT> steps() {
    return steps;
  }

  void add(StreamRecord<IN> record) throws Exception {
    IN value = copier == null ? record.getValue() : copier.copy(record.getValue());
    Expiry expiry = settings.expiry();
    long clock = timers.currentProcessingTime();
    long time = expiry.time(record.hasTimestamp() ? record.getTimestamp() : null, clock);
    boolean first = batch.isEmpty();
    batch.add(getCurrentKey(), value, record.hasTimestamp(), record.hasTimestamp() ? record.getTimestamp() : 0, time,
        steps.count(value));
    if (batch.size() >= settings.most()) {
      flush();
    } else if (first) {
      due = clock + settings.delay();
      wake();
    }
  }

  /** One timer at a time: it steps the batch, or waits for one that has begun since. */
  private void wake() {
    if (!waking) {
      waking = true;
      getProcessingTimeService().registerTimer(due, now -> {
        waking = false;
        if (now >= due) {
          flush();
        } else if (!batch.isEmpty()) {
          wake();
        }
      });
    }
  }

  /** Steps what waits, and sends its outputs in the order of the records. */
  void flush() throws Exception {
    if (batch.isEmpty()) {
      return;
    }
    Expiry expiry = settings.expiry();
    List<Batch.Row<IN>> rows = batch.rows();
    for (int i = 0; i < rows.size(); i++) {
      Batch.Row<IN> row = rows.get(i);
      setCurrentKey(row.key);
      row.state = states.value();
      row.seen = row.state == null ? RillState.UNKNOWN : row.state.lastSeen;
      steps.load(i, row.state, row.records.get(0).time());
    }
    batch.run(steps, expiry);
    for (int i = 0; i < rows.size(); i++) {
      Batch.Row<IN> row = rows.get(i);
      setCurrentKey(row.key);
      boolean untimed = row.state == null || row.state.lastSeen == RillState.UNKNOWN;
      RillState state = steps.save(i, row.state, row.seen);
      states.update(state);
      if (untimed && !expiry.isNever()) {
        register(expiry.end(state.lastSeen));
      }
    }
    int width = steps.network().outputFeatures(0);
    for (Batch.Waiting<IN> record : batch.records()) {
      if (record.timed()) {
        out.setAbsoluteTimestamp(record.timestamp());
      } else {
        out.eraseTimestamp();
      }
      settings.steps().write(record.value(), batch.outputs(record, width), steps.network().weightsFingerprint(), out);
    }
    batch.clear();
  }

  private void register(long time) {
    if (settings.expiry().byClock()) {
      timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, time);
    } else {
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    }
  }

  @Override
  public void onEventTime(InternalTimer<K, VoidNamespace> timer) throws Exception {
    onTimer(timer);
  }

  @Override
  public void onProcessingTime(InternalTimer<K, VoidNamespace> timer) throws Exception {
    // The key may have a record that waits.
    flush();
    setCurrentKey(timer.getKey());
    onTimer(timer);
  }

  private void onTimer(InternalTimer<K, VoidNamespace> timer) throws Exception {
    RillState state = states.value();
    if (state == null || settings.expiry().isNever()) {
      return;
    }
    long end = settings.expiry().end(state.lastSeen);
    if (end <= timer.getTimestamp()) {
      states.clear();
    } else {
      register(end);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush();
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
    flush();
  }

  @Override
  public void finish() throws Exception {
    flush();
    super.finish();
  }

  @Override
  public void close() throws Exception {
    if (steps != null) {
      steps.close();
    }
    super.close();
  }
}
