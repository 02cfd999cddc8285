package dev.rill.flink;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Steps the stream of each key record by record. See {@link KeyedNetwork#function()}. */
final class RillFunction<K, IN, OUT> extends KeyedProcessFunction<K, IN, OUT> implements CheckpointedFunction {
  private static final long serialVersionUID = 1;

  private final KeyedNetwork<IN, OUT> settings;
  private transient KeySteps<IN, OUT> steps;
  private transient SwapLog swaps;

  RillFunction(KeyedNetwork<IN, OUT> settings) {
    this.settings = settings;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    swaps = SwapLog.unstreamed(context.getOperatorStateStore());
  }

  @Override
  public void open(OpenContext context) throws Exception {
    steps = KeySteps.open(settings, swaps, getRuntimeContext());
  }

  @Override
  public void processElement(IN record, Context context, Collector<OUT> out) throws Exception {
    steps.step(record, context.timestamp(), context.timerService(), out);
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) {
    // Flink writes the broadcast state, which has all of it.
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
