package dev.rill.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Steps the stream of each key record by record. See {@link KeyedNetwork#function()}. */
final class RillFunction<K, IN, OUT> extends KeyedProcessFunction<K, IN, OUT> {
  private static final long serialVersionUID = 1;

  private final KeyedNetwork<IN, OUT> settings;
  private transient KeySteps<IN, OUT> steps;

  RillFunction(KeyedNetwork<IN, OUT> settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    steps = KeySteps.open(settings, SwapLog.none(), getRuntimeContext());
  }

  @Override
  public void processElement(IN record, Context context, Collector<OUT> out) throws Exception {
    steps.step(record, context.timestamp(), context.timerService(), out);
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
