package dev.rill.flink;

import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkGeneratorSupplier;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/** Swaps have no time: a stream of them that is silent does not hold the watermarks of records back. */
final class TimelessSwaps implements WatermarkStrategy<ModelSwap>, WatermarkGenerator<ModelSwap> {
  private static final long serialVersionUID = 1;

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
