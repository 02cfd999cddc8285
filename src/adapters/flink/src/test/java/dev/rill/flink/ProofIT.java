package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
