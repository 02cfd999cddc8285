package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import dev.rill.tensor.State;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks are announced one after the other while applications are killed and tasks move: each output is, to the bit, what one of the
 * networks makes of its key's records so far, and so is each state. With {@code -Dlong=true} there are twenty kills, and a few otherwise.
 */
class SwapFailuresIT {
  private static final int KILLS = Boolean.getBoolean("long") ? 20 : 3;
  private static final long[] NETWORKS = {App.FIRST_NETWORK, 2, 3};

  @TempDir
  private Path folder;

  @Test
  void swapsWhileTasksMoveChangeNoBit() throws Exception {
    Random random = new Random(5);
    try (Broker broker = new Broker(folder.resolve("broker"))) {
      broker.topics(4, "in", "states");
      broker.topics(1, "networks");
      try (Feed feed = new Feed(broker, 100).run(20); Child other = app(broker, 100, "two")) {
        other.await("PROCESSES");
        Child app = app(broker, 0, "one");
        try {
          for (int kill = 1; kill <= KILLS; kill++) {
            long next = NETWORKS[kill % NETWORKS.length];
            app.await("RUNNING");
            Topics.announce(broker, Announcement.of(Samples.network(next), Carry.KEEP, String.valueOf(next)).toString());
            Thread.sleep(random.nextInt(1500));
            app.kill();
            app = app(broker, kill, "one");
          }
          feed.end();
          Topics.awaitCommitted(broker, "application", "in");
          app.stop();
        } finally {
          app.close();
        }
        other.stop();
      }
      assertRight(broker);
    }
  }

  private static void assertRight(Broker broker) {
    Map<Integer, float[]> outputs = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : Topics.read(broker, "states")) {
      assertNull(outputs.put(Topics.number(record), Samples.floats(record.value())), "an output twice");
    }
    Network[] networks = Arrays.stream(NETWORKS).mapToObj(Samples::network).toArray(Network[]::new);
    int[] steps = new int[networks.length];
    Map<String, State> states = new HashMap<>();
    Map<String, Network> last = new HashMap<>();
    int records = 0;
    for (ConsumerRecord<String, byte[]> record : Topics.read(broker, "in")) {
      int by = -1;
      for (int i = 0; i < networks.length && by < 0; i++) {
        Session session = networks[i].session(1);
        if (states.containsKey(record.key())) {
          session.stateOfOtherWeights(states.get(record.key()));
        }
        if (Samples.sameBits(outputs.get(Topics.number(record)), Samples.alone(session, Samples.floats(record.value())))) {
          by = i;
          states.put(record.key(), session.state());
          last.put(record.key(), networks[i]);
        }
      }
      assertTrue(by >= 0, () -> "no network gives the output of record " + Topics.number(record));
      steps[by]++;
      records++;
    }
    assertEquals(records, outputs.size());
    Map<String, byte[]> stored = Topics.last(broker, "application-states-changelog");
    assertEquals(states.keySet(), stored.keySet());
    states.forEach((key, state) ->
        assertArrayEquals(state.toBytes(), KeyState.of(last.get(key), stored.get(key)).state().toBytes(), key));
    System.out.println("swaps and kills: " + records + " outputs, by network " + Arrays.toString(steps) + ", none wrong, missing or twice; "
        + states.size() + " states");
    assertTrue(Arrays.stream(steps).allMatch(by -> by > 0), "each network had its time");
  }

  private Child app(Broker broker, int start, String name) throws Exception {
    return App.start(folder.resolve("app-" + start + ".txt"), App.options(broker, folder.resolve(name), "application", "stores=states",
        "networks=networks", "processing.guarantee=exactly_once_v2", "commit.interval.ms=100"));
  }
}
