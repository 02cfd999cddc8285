package dev.rill.flink;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Steps each key, and keeps its state as version 1 did. */
final class Version1Function extends KeyedProcessFunction<Integer, Event, Result> {
  private static final long serialVersionUID = 1;

  private final ModelAddress model;
  private transient Network network;
  private transient ValueState<RillState> states;

  Version1Function(ModelAddress model) {
    this.model = model;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    network = model.load();
    states = getRuntimeContext().getState(
        new ValueStateDescriptor<>("rill", new RillStateSerializer(StateFormat.of(network, Carry.REFUSE), 1)));
  }

  @Override
  public void processElement(Event event, Context context, Collector<Result> out) throws Exception {
    StoredStreams streams = StoredStreams.of(network, 1);
    RillState state = states.value();
    if (state == null) {
      streams.begin(0);
    } else {
      streams.load(0, state.bytes, 0, Carry.REFUSE);
    }
    float[] y = new float[event.steps() * Models.OUT];
    streams.run(0, event.steps(), event.x, y);
    byte[] bytes = new byte[streams.maxBytes()];
    states.update(new RillState(bytes, streams.save(0, bytes, 0)));
    out.collect(Result.of(event, y, network.weightsFingerprint()));
  }
}
