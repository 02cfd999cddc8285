package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/** What a job has committed, and what its states are, against one process that does it all. */
final class Proof {
  private Proof() {}

  /** How many results differ from those of a session for each key; all must be there, from the first on. */
  static int differences(Map<Long, String> results, Alone alone) {
    return differences(results, alone, Job.KEYS, 0);
  }

  static int differences(Map<Long, String> results, Alone alone, int keys, long from) {
    int differences = 0;
    for (long number = from; number < from + results.size(); number++) {
      String expected = alone.step(Event.of(number, keys));
      differences += expected.equals(results.get(number)) ? 0 : 1;
    }
    return differences;
  }

  /** Reads the state of each key with the state processor API: as many as there are keys, each that of its session. */
  static void assertStates(String savepoint, Backend backend, ModelAddress model, Alone alone) throws Exception {
    Network network = model.load();
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    Map<Integer, byte[]> states = new HashMap<>();
    for (Tuple2<Integer, byte[]> state : SavepointReader.read(env, savepoint, backend.reader)
        .readKeyedState(OperatorIdentifier.forUid(Job.UID), new Reader(model), Types.INT,
            Types.TUPLE(Types.INT, Types.PRIMITIVE_ARRAY(Types.BYTE))).executeAndCollect(2 * Job.KEYS)) {
      states.put(state.f0, state.f1);
    }
    assertEquals(alone.sessions().keySet(), states.keySet());
    assertTrue(states.size() > 1);
    StoredStreams streams = StoredStreams.of(network, 1);
    states.forEach((key, bytes) -> {
      streams.load(0, bytes, 0, Carry.REFUSE);
      assertEquals(alone.state(key), streams.state(0));
    });
  }

  private static final class Reader extends KeyedStateReaderFunction<Integer, Tuple2<Integer, byte[]>> {
    private static final long serialVersionUID = 1;

    private final ModelAddress model;
    private transient ValueState<RillState> states;

    Reader(ModelAddress model) {
      this.model = model;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      states = getRuntimeContext().getState(RillState.descriptor(model.load(), Carry.REFUSE));
    }

    @Override
    public void readKey(Integer key, Context context, Collector<Tuple2<Integer, byte[]>> out) throws Exception {
      out.collect(Tuple2.of(key, states.value().toBytes()));
    }
  }
}
