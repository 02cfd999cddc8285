package dev.rill.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;

/** Steps the stream of each key record by record, on the model of the last {@link ModelSwap} that was broadcast. */
final class RillSwapFunction<K, IN, OUT> extends KeyedBroadcastProcessFunction<K, IN, ModelSwap, OUT> {
  private static final long serialVersionUID = 1;

  private final KeyedNetwork<IN, OUT> settings;
  private transient KeySteps<IN, OUT> steps;
  private transient boolean restored;

  RillSwapFunction(KeyedNetwork<IN, OUT> settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    steps = KeySteps.open(settings, getRuntimeContext());
  }

  @Override
  public void processElement(IN record, ReadOnlyContext context, Collector<OUT> out) throws Exception {
    if (!restored) {
      // A function sees its broadcast state when it has been called, not earlier.
      restored = true;
      steps.swaps().read(context.getBroadcastState(SwapLog.descriptor()));
      steps.swap();
    }
    steps.step(record, context.timestamp(), context.timerService(), out);
  }

  @Override
  public void processBroadcastElement(ModelSwap swap, Context context, Collector<OUT> out) throws Exception {
    if (!restored) {
      restored = true;
      steps.swaps().read(context.getBroadcastState(SwapLog.descriptor()));
    }
    steps.swaps().add(swap, context.getBroadcastState(SwapLog.descriptor()));
    steps.swap();
  }

  @Override
  public void onTimer(long time, OnTimerContext context, Collector<OUT> out) throws Exception {
    steps.onTimer(time, context.timerService());
  }

  @Override
  public void close() {
    if (steps != null) {
      steps.close();
    }
  }
}
