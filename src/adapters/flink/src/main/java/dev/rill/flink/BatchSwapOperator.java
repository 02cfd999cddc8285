package dev.rill.flink;

import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Batches of records on the model of the last {@link ModelSwap} that was broadcast. */
final class BatchSwapOperator<K, IN, OUT> extends BatchSteps<K, IN, OUT> implements TwoInputStreamOperator<IN, ModelSwap, OUT> {
  private static final long serialVersionUID = 1;

  BatchSwapOperator(KeyedNetwork<IN, OUT> settings) {
    super(settings);
  }

  @Override
  SwapLog swaps(OperatorStateStore store) throws Exception {
    return SwapLog.streamed(store);
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
