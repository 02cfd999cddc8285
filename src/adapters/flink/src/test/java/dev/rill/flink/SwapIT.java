package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models are swapped several times a second while the job throws: each result is to the bit what the weights that it names give. */
class SwapIT {
  @TempDir
  private Path folder;

  private ModelSwap swap(long seed) throws Exception {
    ModelAddress model = Models.file(folder, seed);
    return ModelSwap.to(model.address(), model.load().weightsFingerprint(), Carry.KEEP);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void eachResultIsThatOfTheWeightsThatItNames(int most) throws Exception {
    ModelAddress first = Models.file(folder, 1);
    ModelSwap second = swap(2);
    ModelSwap third = swap(3);
    Path results = folder.resolve("results");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(2, Job.settings(Backend.HASHMAP, folder, null));
    GeneratorFunction<Long, ModelSwap> alternating = number -> number % 2 == 0 ? second : third;
    DataStream<ModelSwap> swaps = env.fromSource(new DataGeneratorSource<>(alternating, Long.MAX_VALUE, RateLimiterStrategy.perSecond(4),
        TypeInformation.of(ModelSwap.class)), WatermarkStrategy.noWatermarks(), "swaps").setParallelism(1).uid("swaps");
    KeyedNetwork<Event, Result> settings = KeyedNetwork.of(first, new EventSteps()).batch(most, Duration.ofMillis(20));
    JobClient job = Job.start(env, 2, 2, events -> settings.apply(events, swaps, TypeInformation.of(Result.class)), results);
    Job.awaitResults(job, results, 500_000);
    Job.stop(job, folder, Backend.HASHMAP.format);
    assertTrue(weightsOf(results, Job.KEYS, first, second.model(), third.model()).size() > 1, "no swap has been seen");
  }

  /** Most keys sleep through each of the jobs, and have states of all three models in the end. */
  @Test
  void aSavepointGoesOnAtOtherParallelismsWithAStreamOfSwapsAndWithout() throws Exception {
    int keys = 20_000;
    ModelAddress first = Models.file(folder, 1);
    ModelSwap second = swap(2);
    ModelSwap third = swap(3);
    Path results = folder.resolve("results");
    TypeInformation<Result> type = TypeInformation.of(Result.class);
    String swapped = run(1, keys, null, events -> KeyedNetwork.of(first, new EventSteps()).batch(16, Duration.ofMillis(20))
        .apply(events, swaps(events, number -> number < 3 ? ModelSwap.to(first.address(), first.load().weightsFingerprint(), Carry.KEEP)
            : second), type));
    assertEquals(2, weightsOf(results, keys, first, second.model()).size());
    // No policy is said: the swaps of the savepoint have one.
    String unstreamed = run(4, keys, swapped, events -> KeyedNetwork.of(second.model(), new EventSteps()).apply(events, type));
    run(2, keys, unstreamed, events -> KeyedNetwork.of(first, new EventSteps()).batch(16, Duration.ofMillis(20))
        .apply(events, swaps(events, number -> third), type));
    assertEquals(3, weightsOf(results, keys, first, second.model(), third.model()).size());
  }

  private static DataStream<ModelSwap> swaps(KeyedStream<Event, Integer> beside, GeneratorFunction<Long, ModelSwap> swaps) {
    return beside.getExecutionEnvironment().fromSource(new DataGeneratorSource<>(swaps, Long.MAX_VALUE, RateLimiterStrategy.perSecond(1),
        TypeInformation.of(ModelSwap.class)), WatermarkStrategy.noWatermarks(), "swaps").setParallelism(1).uid("swaps");
  }

  /** Runs a job until there are some more results; returns where its states are. */
  private String run(int parallelism, int keys, String savepoint, Job.Step step) throws Exception {
    Path results = folder.resolve("results");
    Configuration settings = Job.settings(Backend.HASHMAP, folder, savepoint);
    // The source of swaps has a state, too, of which a job without it knows nothing.
    settings.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    JobClient job = Job.start(StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings), parallelism, 0, step, results, keys,
        3000);
    Job.awaitResults(job, results, Committed.bytes(results) + 500_000);
    return Job.stop(job, folder, Backend.HASHMAP.format);
  }

  /** Asserts that each result is to the bit what the weights that it names give; returns which these are. */
  private static Set<Integer> weightsOf(Path results, int keys, ModelAddress... models) throws Exception {
    Map<Integer, Network> networks = new HashMap<>();
    for (ModelAddress model : models) {
      networks.put(model.load().weightsFingerprint(), model.load());
    }
    Map<Long, String> lines = Committed.lines(results);
    Map<Integer, Session> sessions = new HashMap<>();
    Set<Integer> seen = new HashSet<>();
    for (long number = 0; number < lines.size(); number++) {
      Event event = Event.of(number, keys);
      int weights = Integer.parseInt(lines.get(number).split(" ")[2]);
      seen.add(weights);
      Network network = networks.get(weights);
      Session session = sessions.get(event.key);
      session = session == null ? network.session(1) : session.moveTo(network);
      sessions.put(event.key, session);
      float[] y = new float[event.steps() * Models.OUT];
      session.run(event.steps(), event.x, y);
      assertEquals(Result.of(event, y, weights).toString(), lines.get(number));
    }
    return seen;
  }
}
