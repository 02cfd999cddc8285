package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A savepoint of states of version 1 goes on in this version, at another parallelism, to the bits of one process. */
class MigrationIT {
  private static final TypeInformation<Result> TYPE = TypeInformation.of(Result.class);
  private static final long BYTES = 100_000;

  @TempDir
  private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"HASHMAP", "ROCKSDB"})
  void statesOfVersion1GoOn(Backend backend) throws Exception {
    ModelAddress model = Models.file(folder, 1);
    String first = run(backend, null, 2, events -> events.process(new Version1Function(model), TYPE));
    long written = Committed.lines(folder.resolve("results")).size();
    String second = run(backend, first, 4,
        events -> KeyedNetwork.of(model, new EventSteps()).batch(16, Duration.ofMillis(20)).apply(events, TYPE));
    assertTrue(written > 0 && Committed.lines(folder.resolve("results")).size() > written);
    Alone alone = new Alone(model.load());
    assertEquals(0, Proof.differences(Committed.lines(folder.resolve("results")), alone));
    Proof.assertStates(second, backend, model, alone);
  }

  /** Runs a job until there are some more results; returns where its states are. */
  private String run(Backend backend, String savepoint, int parallelism, Job.Step step) throws Exception {
    Path results = folder.resolve("results");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(parallelism, Job.settings(backend, folder, savepoint));
    JobClient job = Job.start(env, parallelism, 0, step, results);
    Job.awaitResults(job, results, Committed.bytes(results) + BYTES);
    return Job.stop(job, folder, backend.format);
  }
}
