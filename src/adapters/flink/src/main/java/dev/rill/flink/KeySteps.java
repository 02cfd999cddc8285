package dev.rill.flink;

import java.io.IOException;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;

/** Steps the current key of a function, one record at a time. */
final class KeySteps<IN, OUT> implements AutoCloseable {
  private final KeyedNetwork<IN, OUT> settings;
  private final StreamSteps<IN, OUT> steps;
  private final ValueState<RillState> states;
  private float[] y = {};

  private KeySteps(KeyedNetwork<IN, OUT> settings, StreamSteps<IN, OUT> steps, ValueState<RillState> states) {
    this.settings = settings;
    this.steps = steps;
    this.states = states;
  }

  static <IN, OUT> KeySteps<IN, OUT> open(KeyedNetwork<IN, OUT> settings, RuntimeContext context) throws IOException {
    StreamSteps<IN, OUT> steps = StreamSteps.open(settings, 1, context);
    try {
      return new KeySteps<>(settings, steps, context.getState(steps.descriptor()));
    } catch (RuntimeException e) {
      steps.close();
      throw e;
    }
  }

  SwapLog swaps() {
    return steps.swaps();
  }

  void swap() throws IOException {
    steps.swap();
  }

  void step(IN record, Long timestamp, TimerService timers, Collector<OUT> out) throws Exception {
    Expiry expiry = settings.expiry();
    long time = expiry.time(timestamp, expiry.byClock() ? timers.currentProcessingTime() : 0);
    int count = steps.count(record);
    int floats = count * steps.network().outputFeatures(0);
    if (y.length < floats) {
      y = new float[floats];
    }
    RillState state = states.value();
    boolean untimed = state == null || state.lastSeen == RillState.UNKNOWN;
    steps.load(0, state, time);
    steps.run(0, record, count, y);
    state = steps.save(0, state, time);
    states.update(state);
    if (untimed && !expiry.isNever()) {
      register(expiry.end(state.lastSeen), timers);
    }
    settings.steps().write(record, y, steps.network().weightsFingerprint(), out);
  }

  private void register(long time, TimerService timers) {
    if (settings.expiry().byClock()) {
      timers.registerProcessingTimeTimer(time);
    } else {
      timers.registerEventTimeTimer(time);
    }
  }

  /** A key has one timer: it ends the stream, or waits for the time at which it would. */
  void onTimer(long time, TimerService timers) throws Exception {
    RillState state = states.value();
    if (state == null || settings.expiry().isNever()) {
      return;
    }
    long end = settings.expiry().end(state.lastSeen);
    if (end <= time) {
      states.clear();
    } else {
      register(end, timers);
    }
  }

  @Override
  public void close() {
    steps.close();
  }
}
