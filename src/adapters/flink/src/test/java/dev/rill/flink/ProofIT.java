package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.OperatorTransformation;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** In one process: a job that throws comes to the same bits, and what is done wrong on purpose does not, or the proof would prove nothing. */
class ProofIT {
  private static final TypeInformation<Result> TYPE = TypeInformation.of(Result.class);

  @TempDir
  private Path folder;
  private ModelAddress model;
  private Path results;
  private String savepoint;

  @BeforeEach
  void model() throws Exception {
    model = Models.file(folder, 1);
    results = folder.resolve("results");
  }

  private KeyedNetwork<Event, Result> settings() {
    return KeyedNetwork.of(model, new EventSteps()).batch(64, Duration.ofSeconds(10));
  }

  /** Runs a job that throws twice; returns how many of its results are not those of a session for each key. */
  private int differences(Job.Step step, Alone alone) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(2, Job.settings(Backend.HASHMAP, folder, null));
    JobClient job = Job.start(env, 2, 2, step, results);
    Job.awaitResults(job, results, 300_000);
    savepoint = Job.stop(job, folder, Backend.HASHMAP.format);
    return Proof.differences(Committed.lines(results), alone);
  }

  @Test
  void aJobThatThrowsComesToTheSameBits() throws Exception {
    Alone alone = new Alone(model.load());
    assertEquals(0, differences(events -> settings().apply(events, TYPE), alone));
    Proof.assertStates(savepoint, Backend.HASHMAP, model, alone);
  }

  @Test
  void statesOutsideOfFlinkAreNoticed() throws Exception {
    assertTrue(differences(events -> events.process(new Outside(model), TYPE), new Alone(model.load())) > 0);
  }

  @Test
  void recordsThatWaitThroughABarrierAreNoticed() throws Exception {
    assertTrue(differences(events -> events.transform("late", TYPE, new LateOperator(settings())), new Alone(model.load())) > 0);
  }

  /** Forgets its keys when it fails. */
  private static final class Outside extends KeyedProcessFunction<Integer, Event, Result> {
    private static final long serialVersionUID = 1;

    private final ModelAddress model;
    private transient Network network;
    private transient Map<Integer, Session> sessions;

    Outside(ModelAddress model) {
      this.model = model;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      network = model.load();
      sessions = new HashMap<>();
    }

    @Override
    public void processElement(Event event, Context context, Collector<Result> out) {
      float[] y = new float[event.steps() * Models.OUT];
      sessions.computeIfAbsent(context.getCurrentKey(), key -> network.session(1)).run(event.steps(), event.x, y);
      out.collect(Result.of(event, y, network.weightsFingerprint()));
    }
  }

  /** Lets records wait through a barrier. */
  private static final class LateOperator extends BatchOperator<Integer, Event, Result> {
    private static final long serialVersionUID = 1;

    LateOperator(KeyedNetwork<Event, Result> settings) {
      super(settings);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) {}
  }

  @ParameterizedTest
  @EnumSource(value = Backend.class, names = {"HASHMAP", "ROCKSDB"})
  void statesOfVersion1GoOn(Backend backend) throws Exception {
    Alone alone = new Alone(model.load());
    for (int key = 0; key < Job.KEYS; key++) {
      alone.step(Earlier.event(key));
    }
    StreamExecutionEnvironment writing = StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    writing.setRuntimeMode(RuntimeExecutionMode.BATCH);
    String from = folder.resolve("version1").toUri().toString();
    SavepointWriter.newSavepoint(writing, backend.reader, 16).withOperator(OperatorIdentifier.forUid(Job.UID),
        OperatorTransformation.bootstrapWith(writing.fromData(keys())).keyBy(key -> key).transform(new Earlier(model))).write(from);
    writing.execute();
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, Job.settings(backend, folder, from));
    JobClient job = Job.start(env, 2, 0, events -> settings().apply(events, TYPE), results);
    Job.awaitResults(job, results, 40_000);
    savepoint = Job.stop(job, folder, backend.format);
    assertEquals(0, Proof.differences(Committed.lines(results), alone));
    Proof.assertStates(savepoint, backend, model, alone);
  }

  private static List<Integer> keys() {
    return IntStream.range(0, Job.KEYS).boxed().toList();
  }

  /** Writes the states of keys that have seen one event, as version 1 did. */
  private static final class Earlier extends KeyedStateBootstrapFunction<Integer, Integer> {
    private static final long serialVersionUID = 1;

    private final ModelAddress model;
    private transient Network network;
    private transient ValueState<RillState> states;

    Earlier(ModelAddress model) {
      this.model = model;
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
}
