package dev.rill.flink;

import java.util.List;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.SimpleTimerService;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.TimestampedCollector;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.sorted.state.BatchExecutionKeyedStateBackend;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Steps the streams of many keys in batches. Records wait outside Flink's state, so none may wait while a checkpoint barrier, a watermark
 * or the end passes: each of them steps the batch first.
 */
abstract class BatchSteps<K, IN, OUT> extends AbstractStreamOperator<OUT> implements Triggerable<K, VoidNamespace> {
  private static final long serialVersionUID = 1;
  /** As Flink's operators of functions name them, so that a savepoint goes on with batches and without. */
  private static final String TIMERS = "user-timers";

  private final KeyedNetwork<IN, OUT> settings;
  private transient SwapLog swaps;
  private transient StreamSteps<IN, OUT> steps;
  private transient ValueState<RillState> states;
  private transient TimerService timers;
  private transient Batch<IN> batch;
  /** Most records of a batch. */
  private transient int most;
  private transient TimestampedCollector<OUT> out;
  /** Copies what the operator before will write into again; null if it will not. */
  private transient TypeSerializer<IN> copier;
  /** When the first record of the batch has waited long enough. */
  private transient long due;
  private transient boolean waking;

  BatchSteps(KeyedNetwork<IN, OUT> settings) {
    this.settings = settings;
  }

  /** The models of this subtask so far. */
  abstract SwapLog swaps(OperatorStateStore store) throws Exception;

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    swaps = swaps(context.getOperatorStateStore());
  }

  @Override
  public void open() throws Exception {
    super.open();
    // Flink's batch mode gives one key after the other, and forgets each with the first record of the next.
    most = getKeyedStateBackend() instanceof BatchExecutionKeyedStateBackend ? 1 : settings.most();
    steps = StreamSteps.open(settings, most, swaps, getRuntimeContext());
    states = getRuntimeContext().getState(steps.descriptor());
    timers = new SimpleTimerService(getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this));
    batch = new Batch<>();
    out = new TimestampedCollector<>(output);
    copier = getExecutionConfig().isObjectReuseEnabled()
        ? getOperatorConfig().getTypeSerializerIn(0, getUserCodeClassloader())
        : null;
  }

  /** None of the batches holds records of both sides of a swap. */
  void swap(ModelSwap swap) throws Exception {
    flush();
    steps.swap(swap);
  }

  void add(StreamRecord<IN> record) throws Exception {
    IN value = copier == null ? record.getValue() : copier.copy(record.getValue());
    Expiry expiry = settings.expiry();
    long clock = timers.currentProcessingTime();
    long time = expiry.time(record.hasTimestamp() ? record.getTimestamp() : null, clock);
    boolean first = batch.isEmpty();
    batch.add(getCurrentKey(), record.copy(value), time, steps.count(value));
    if (batch.size() >= most) {
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
      if (untimed) {
        expiry.register(state, timers);
      }
    }
    int width = steps.network().outputFeatures(0);
    for (Batch.Waiting<IN> waiting : batch.records()) {
      out.setTimestamp(waiting.record());
      settings.steps().write(waiting.value(), batch.outputs(waiting, width), steps.network().weightsFingerprint(), out);
    }
    batch.clear();
  }

  @Override
  public void onEventTime(InternalTimer<K, VoidNamespace> timer) throws Exception {
    settings.expiry().onTimer(timer.getTimestamp(), states, timers);
  }

  @Override
  public void onProcessingTime(InternalTimer<K, VoidNamespace> timer) throws Exception {
    // The key may have a record that waits.
    flush();
    setCurrentKey(timer.getKey());
    settings.expiry().onTimer(timer.getTimestamp(), states, timers);
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
