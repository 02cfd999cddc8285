package dev.rill.flink;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Swaps have no time: a stream of them that is silent does not hold the watermarks of records back. */
final class TimelessSwaps implements WatermarkStrategy<ModelSwap>, WatermarkGenerator<ModelSwap> {
  private static final long serialVersionUID = 1;

  /**
   * Swaps without a time, in the one order in which a single subtask passes them on, however many there were before. It keeps no state,
   * so that its uid, which a job without generated ones needs, may be another one in each job.
   */
  static DataStream<ModelSwap> inOneOrder(DataStream<ModelSwap> swaps) {
    SingleOutputStreamOperator<ModelSwap> timeless = swaps.assignTimestampsAndWatermarks(new TimelessSwaps()).setParallelism(1);
    return timeless.uid("rill-swaps-" + timeless.getId());
  }

  @Override
  public WatermarkGenerator<ModelSwap> createWatermarkGenerator(WatermarkGeneratorSupplier.Context context) {
    return this;
  }

  @Override
  public void onEvent(ModelSwap swap, long timestamp, WatermarkOutput out) {
    onPeriodicEmit(out);
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput out) {
    out.emitWatermark(Watermark.MAX_WATERMARK);
  }
}
