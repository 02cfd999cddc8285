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
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
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
    Map<Integer, Network> networks = new HashMap<>();
    for (ModelAddress model : new ModelAddress[] {first, second.model(), third.model()}) {
      networks.put(model.load().weightsFingerprint(), model.load());
    }
    Map<Long, String> lines = Committed.lines(results);
    Map<Integer, Session> sessions = new HashMap<>();
    Set<Integer> seen = new HashSet<>();
    for (long number = 0; number < lines.size(); number++) {
      Event event = Event.of(number, Job.KEYS);
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
    assertTrue(seen.size() > 1, "no swap has been seen");
  }
}
