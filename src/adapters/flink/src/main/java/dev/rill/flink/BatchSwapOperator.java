package dev.rill.flink;

import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Batches of records on the model of the last {@link ModelSwap} that was broadcast. */
final class BatchSwapOperator<K, IN, OUT> extends BatchSteps<K, IN, OUT> implements TwoInputStreamOperator<IN, ModelSwap, OUT> {
  private static final long serialVersionUID = 1;

  private transient SwapLog swaps;

  BatchSwapOperator(KeyedNetwork<IN, OUT> settings) {
    super(settings);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    swaps = SwapLog.of(context.getOperatorStateStore().getBroadcastState(SwapLog.descriptor()));
  }

  @Override
  SwapLog swaps() {
    return swaps;
  }

  @Override
  public void processElement1(StreamRecord<IN> record) throws Exception {
    add(record);
  }

  @Override
  public void processElement2(StreamRecord<ModelSwap> swap) throws Exception {
    swap(swap.getValue());
  }
}
