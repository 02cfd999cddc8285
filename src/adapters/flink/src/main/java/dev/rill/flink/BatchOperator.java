package dev.rill.flink;

import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Batches of records on one model. */
class BatchOperator<K, IN, OUT> extends BatchSteps<K, IN, OUT> implements OneInputStreamOperator<IN, OUT> {
  private static final long serialVersionUID = 1;

  BatchOperator(KeyedNetwork<IN, OUT> settings) {
    super(settings);
  }

  @Override
  SwapLog swaps(OperatorStateStore store) throws Exception {
    return SwapLog.unstreamed(store);
  }

  @Override
  public void processElement(StreamRecord<IN> record) throws Exception {
    add(record);
  }
}
