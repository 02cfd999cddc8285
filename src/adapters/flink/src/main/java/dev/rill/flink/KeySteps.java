package dev.rill.flink;

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

  static <IN, OUT> KeySteps<IN, OUT> open(KeyedNetwork<IN, OUT> settings, SwapLog swaps, RuntimeContext context) throws Exception {
    StreamSteps<IN, OUT> steps = StreamSteps.open(settings, 1, swaps, context);
    try {
      return new KeySteps<>(settings, steps, context.getState(steps.descriptor()));
    } catch (RuntimeException e) {
      steps.close();
      throw e;
    }
  }

  void swap(ModelSwap swap) throws Exception {
    steps.swap(swap);
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
    if (untimed) {
      expiry.register(state, timers);
    }
    settings.steps().write(record, y, steps.network().weightsFingerprint(), out);
  }

  void onTimer(long time, TimerService timers) throws Exception {
    settings.expiry().onTimer(time, states, timers);
  }

  @Override
  public void close() {
    steps.close();
  }
}
