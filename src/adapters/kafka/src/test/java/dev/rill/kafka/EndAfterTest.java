package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

class EndAfterTest {
  private static final long IDLE = 1000;

  private final Network network = Samples.network(1);

  private Driver driver(long every) {
    return new Driver(Driver.supplier(network).endAfter(Duration.ofMillis(IDLE), Duration.ofMillis(every)));
  }

  private Driver unfenced(long every) {
    return new Driver(Driver.supplier(network).fence(false).endAfter(Duration.ofMillis(IDLE), Duration.ofMillis(every)));
  }

  private static int size(Driver driver) {
    int size = 0;
    try (var all = driver.index().all()) {
      for (; all.hasNext(); all.next()) {
        size++;
      }
    }
    return size;
  }

  /** What comes out of some keys at random times, some of them late. */
  private List<float[]> random(Driver driver) {
    Random random = new Random(5);
    List<float[]> out = new ArrayList<>();
    long time = 0;
    for (int i = 0; i < 2000; i++) {
      time += random.nextInt(80);
      String key = "key " + random.nextInt(20);
      driver.in.pipeInput(key, Samples.x(key, i, 1), Math.max(0, time - random.nextInt(300)));
      out.add(driver.out().get(0).value);
    }
    return out;
  }

  @Test
  void aStreamThatWasNotSeenForLongBeginsAtZero() {
    try (Driver driver = driver(100_000)) {
      Session alone = network.session(1);
      for (long time : new long[] {0, 999, 1998, 2998, 2999}) {
        if (time == 2998) {
          alone.reset();
        }
        driver.in.pipeInput("a", Samples.x("a", 0, 1), time);
        assertArrayEquals(Samples.alone(alone, Samples.x("a", 0, 1)), driver.out().get(0).value);
      }
    }
  }

  @Test
  void whatARecordGivesDoesNotDependOnWhenStreamsAreCleared() {
    List<float[]> often;
    try (Driver driver = driver(1)) {
      often = random(driver);
    }
    Map<String, Session> sessions = new HashMap<>();
    Map<String, Long> seen = new HashMap<>();
    Random random = new Random(5);
    long time = 0;
    long streamTime = 0;
    int begun = 0;
    for (int i = 0; i < often.size(); i++) {
      time += random.nextInt(80);
      String key = "key " + random.nextInt(20);
      streamTime = Math.max(streamTime, Math.max(0, time - random.nextInt(300)));
      Long last = seen.put(key, streamTime);
      if (last == null || streamTime - last >= IDLE) {
        sessions.put(key, network.session(1));
        begun++;
      }
      assertArrayEquals(Samples.alone(sessions.get(key), Samples.x(key, i, 1)), often.get(i));
    }
    assertTrue(begun > 200 && begun < 1500, "streams that began: " + begun);
    for (long every : new long[] {7, 1000, 1_000_000}) {
      try (Driver driver = driver(every)) {
        List<float[]> other = random(driver);
        for (int i = 0; i < often.size(); i++) {
          assertArrayEquals(often.get(i), other.get(i));
        }
      }
    }
  }

  @Test
  void whatHasEndedIsDeletedWithATombstone() {
    try (Driver driver = driver(100)) {
      for (int i = 0; i < 50; i++) {
        driver.in.pipeInput("key " + i, Samples.x("a", 0, 1), 10 * i);
      }
      driver.in.pipeInput("key 0", Samples.x("a", 1, 1), 900);
      assertEquals(50, size(driver));
      driver.in.pipeInput("key 50", Samples.x("a", 1, 1), 1340);
      assertNotNull(driver.states().get("key 0"));
      assertNull(driver.states().get("key 1"));
      assertNull(driver.states().get("key 29"));
      assertNotNull(driver.states().get("key 49"));
      driver.in.pipeInput("key 50", Samples.x("a", 1, 1), 5000);
      assertEquals(List.of("key 50"), List.copyOf(driver.values().keySet()));
      assertEquals(1, size(driver));
      List<KeyValue<String, byte[]>> changes = driver.driver.createOutputTopic("test-" + Driver.STORE + "-changelog",
          new StringDeserializer(), new ByteArrayDeserializer())
          .readKeyValuesToList();
      assertEquals(50, changes.stream().filter(change -> change.value == null).count());
    }
  }

  @Test
  void theIndexHoldsOneEntryAKey() {
    try (Driver driver = driver(50)) {
      random(driver);
      assertEquals(driver.values().size(), size(driver));
    }
  }

  @Test
  void anIndexThatWasTornFromItsStatesMends() {
    try (Driver driver = driver(100)) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1), 0);
      driver.in.pipeInput("a", Samples.x("a", 1, 1), 5000);
      // What a crash may leave: an entry that had been deleted, and one whose state is not there.
      driver.index().put(entry(2000, "a"), new byte[0]);
      driver.index().put(entry(2000, "b"), new byte[0]);
      driver.in.pipeInput("c", Samples.x("c", 1, 1), 5500);
      assertNotNull(driver.states().get("a"));
      assertEquals(2, size(driver));
      driver.in.pipeInput("c", Samples.x("c", 1, 1), 6500);
      assertNull(driver.states().get("a"));
    }
  }

  private static Bytes entry(long time, String key) {
    return Bytes.wrap(ByteBuffer.allocate(8 + key.length()).putLong(time).put(key.getBytes(StandardCharsets.UTF_8)).array());
  }

  @Test
  void anIndexOfOtherSettingsServes() {
    for (long[] every : new long[][] {{100, 7}, {7, 100}, {1, 100_000}, {100_000, 1}, {300, 200}}) {
      Map<String, byte[]> values;
      List<Bytes> index = new ArrayList<>();
      try (Driver driver = unfenced(every[0])) {
        for (int i = 0; i < 50; i++) {
          driver.in.pipeInput("key " + i, Samples.x("a", 0, 1), 100_000 + 10 * i);
        }
        values = driver.values();
        try (var all = driver.index().all()) {
          all.forEachRemaining(entry -> index.add((Bytes) entry.key));
        }
      }
      try (Driver driver = unfenced(every[1])) {
        values.forEach(driver.states()::put);
        index.forEach(entry -> driver.index().put(entry, new byte[0]));
        // Some are seen again before the first is at its end.
        for (int i = 0; i < 50; i += 3) {
          driver.in.pipeInput("key " + i, Samples.x("a", 1, 1), 100_600 + 10 * i);
        }
        driver.in.pipeInput("last", Samples.x("a", 1, 1), 101_495);
        driver.in.pipeInput("last", Samples.x("a", 1, 1), 500_000);
        driver.in.pipeInput("last", Samples.x("a", 1, 1), 900_000);
        assertEquals(List.of("last"), List.copyOf(driver.values().keySet()), every[0] + " ms, then " + every[1]);
        assertEquals(1, size(driver));
      }
    }
  }

  @Test
  void aRecordThatIsSkippedIsIndexedAgain() {
    Map<String, byte[]> values;
    try (Driver driver = driver(100)) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1), 0);
      values = driver.values();
    }
    try (Driver driver = driver(100)) {
      values.forEach(driver.states()::put);
      driver.in.pipeInput("a", Samples.x("a", 0, 1), 0);
      assertEquals(List.of(), driver.out());
      assertEquals(1, size(driver));
    }
  }

  @Test
  void streamsFromBeforeItWasSaidAreDeletedToo() {
    Map<String, byte[]> values;
    try (Driver driver = new Driver(Driver.supplier(network).fence(false))) {
      for (int i = 0; i < 50; i++) {
        driver.in.pipeInput("key " + i, Samples.x("a", 0, 1), 10 * i);
      }
      values = driver.values();
    }
    try (Driver driver = unfenced(100)) {
      values.forEach(driver.states()::put);
      driver.in.pipeInput("key 49", Samples.x("a", 1, 1), 505);
      assertEquals(50, size(driver));
      driver.in.pipeInput("last", Samples.x("a", 1, 1), 2000);
      assertEquals(List.of("last"), List.copyOf(driver.values().keySet()));
      assertEquals(1, size(driver));
    }
  }

  /** Its own records are refused; it stays where it is. */
  @Test
  void aValueThatCannotBeReadHoldsNoOthersUp() {
    try (Driver driver = driver(100)) {
      for (String key : List.of("a", "b", "c")) {
        driver.in.pipeInput(key, Samples.x(key, 0, 1), 0);
      }
      byte[] broken = {7};
      driver.states().put("b", broken);
      driver.in.pipeInput("last", Samples.x("a", 1, 1), 2000);
      assertEquals(Set.of("b", "last"), driver.values().keySet());
    }
  }
}
