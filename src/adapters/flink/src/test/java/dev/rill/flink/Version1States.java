package dev.rill.flink;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.OperatorTransformation;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Writes the states of keys that have seen one event, as version 1 did. */
final class Version1States extends KeyedStateBootstrapFunction<Integer, Integer> {
  private static final long serialVersionUID = 1;

  private final ModelAddress model;
  private transient Network network;
  private transient ValueState<RillState> states;

  Version1States(ModelAddress model) {
    this.model = model;
  }

  /** Writes a savepoint of all keys, from outside of a cluster. */
  static void write(ModelAddress model, Backend backend, int maxParallelism, String to) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    SavepointWriter.newSavepoint(env, backend.reader, maxParallelism).withOperator(OperatorIdentifier.forUid(Job.UID),
        OperatorTransformation.bootstrapWith(env.fromData(IntStream.range(0, Job.KEYS).boxed().toList())).keyBy(key -> key)
            .transform(new Version1States(model))).write(to);
    env.execute();
  }

  static Event event(int key) {
    return Event.of(-1 - key, key, 2);
  }

  @Override
  public void open(OpenContext context) throws Exception {
    network = model.load();
    states = getRuntimeContext().getState(
        new ValueStateDescriptor<>("rill", new RillStateSerializer(StateFormat.of(network, Carry.REFUSE), 1)));
  }

  @Override
  public void processElement(Integer key, Context context) throws Exception {
    StoredStreams streams = StoredStreams.of(network, 1);
    streams.begin(0);
    streams.run(0, 2, event(key).x, new float[2 * Models.OUT]);
    byte[] bytes = new byte[streams.maxBytes()];
    states.update(new RillState(bytes, streams.save(0, bytes, 0)));
  }
}
