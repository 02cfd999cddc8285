package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

/** Records that are read again after a crash, from the first on: a new driver counts offsets from 0. */
class FenceTest {
  private final Network network = Samples.network(1);

  /** One record becomes two, the second one of another key for odd ones. */
  private static KStream<String, float[]> twice(KStream<String, float[]> in) {
    return in.flatMapValues(x -> List.of(x, new float[] {x[0], x[1], 0.5f}));
  }

  private static void pipe(Driver driver, int from, int to) {
    for (int i = from; i < to; i++) {
      String key = "key " + i % 3;
      driver.in.pipeInput(key, Samples.x(key, i, 1));
    }
  }

  /** The states after some records, some of which are read twice; adds what came out. */
  private Map<String, byte[]> crash(boolean fence, int crashed, int all, Function<KStream<String, float[]>, KStream<String, float[]>> before,
      List<KeyValue<String, float[]>> out) {
    Map<String, byte[]> values;
    try (Driver driver = driver(fence, before)) {
      pipe(driver, 0, crashed);
      out.addAll(driver.out());
      values = driver.values();
    }
    try (Driver driver = driver(fence, before)) {
      values.forEach(driver.states()::put);
      pipe(driver, 0, all);
      out.addAll(driver.out());
      return driver.values();
    }
  }

  private Driver driver(boolean fence, Function<KStream<String, float[]>, KStream<String, float[]>> before) {
    return new Driver(Driver.supplier(network).fence(fence), new StreamsBuilder(), before, Map.of());
  }

  private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((key, value) -> assertArrayEquals(value, actual.get(key)));
  }

  @Test
  void whatIsReadAgainIsSkipped() {
    for (Function<KStream<String, float[]>, KStream<String, float[]>> before
        : List.<Function<KStream<String, float[]>, KStream<String, float[]>>>of(Function.identity(), FenceTest::twice)) {
      List<KeyValue<String, float[]>> once = new ArrayList<>();
      Map<String, byte[]> expected = crash(true, 0, 20, before, once);
      List<KeyValue<String, float[]>> again = new ArrayList<>();
      assertSame(expected, crash(true, 13, 20, before, again));
      assertEquals(once.size(), again.size());
      for (int i = 0; i < once.size(); i++) {
        assertEquals(once.get(i).key, again.get(i).key);
        assertArrayEquals(once.get(i).value, again.get(i).value);
      }
    }
  }

  @Test
  void withoutAFenceItIsSteppedTwice() {
    Map<String, byte[]> expected = crash(false, 0, 20, Function.identity(), new ArrayList<>());
    Map<String, byte[]> actual = crash(false, 13, 20, Function.identity(), new ArrayList<>());
    expected.forEach((key, value) -> assertFalse(Arrays.equals(value, actual.get(key))));
  }

  @Test
  void aStateThatHasReadAPartOfARecordReadsTheRest() {
    List<KeyValue<String, float[]>> once = new ArrayList<>();
    Map<String, byte[]> expected = crash(true, 0, 1, FenceTest::twice, once);
    byte[] afterTheFirst;
    try (Driver driver = driver(true, Function.identity())) {
      pipe(driver, 0, 1);
      afterTheFirst = driver.states().get("key 0");
    }
    try (Driver driver = driver(true, FenceTest::twice)) {
      driver.states().put("key 0", afterTheFirst);
      pipe(driver, 0, 1);
      List<KeyValue<String, float[]>> rest = driver.out();
      assertEquals(1, rest.size());
      assertArrayEquals(once.get(1).value, rest.get(0).value);
      assertSame(expected, driver.values());
    }
  }

  @Test
  void whatIsSkippedIsCounted() {
    try (Driver driver = driver(true, Function.identity())) {
      pipe(driver, 0, 6);
      Map<String, byte[]> values = driver.values();
      try (Driver again = driver(true, Function.identity())) {
        values.forEach(again.states()::put);
        pipe(again, 0, 10);
        double skipped = again.driver.metrics().entrySet().stream().filter(metric -> metric.getKey().name().equals("fenced-records-total"))
            .mapToDouble(metric -> (double) metric.getValue().metricValue()).sum();
        assertEquals(6, skipped);
      }
    }
  }

  @Test
  void exactlyOnceNeedsNone() {
    try (Driver driver = new Driver(Driver.supplier(network), new StreamsBuilder(), Function.identity(),
        Map.of(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2))) {
      pipe(driver, 0, 1);
      assertEquals(List.of(), KeyState.of(network, driver.states().get("key 0")).read());
    }
  }

  @Test
  void positionsAreKeptForEachSource() {
    List<Position> read = List.of(new Position("ein Thema für Ä", 3, Long.MAX_VALUE, 7), new Position("b", 3, 0, 0));
    byte[] value = KeyBytes.write(-5, read, new byte[] {1, 2, 3}, 2);
    assertEquals(new KeyBytes(-5, read, value.length - 2), KeyBytes.read(value));
    assertEquals(-5, KeyBytes.seen(value));
    assertTrue(Fence.hasRead(read, new Position("b", 3, 0, 0)));
    assertFalse(Fence.hasRead(read, new Position("b", 3, 0, 1)));
    assertFalse(Fence.hasRead(read, new Position("b", 3, 1, 0)));
    assertFalse(Fence.hasRead(read, new Position("c", 3, 0, 0)));
    assertFalse(Fence.hasRead(read, new Position("b", 4, 0, 0)));
    assertTrue(Fence.hasRead(read, new Position("ein Thema für Ä", 3, 5, 100)));
    assertEquals(List.of(read.get(0), new Position("b", 3, 9, 0)), Fence.with(read, new Position("b", 3, 9, 0)));
  }

  @Test
  void aKeyMayHaveAnyNumberOfSources() {
    for (int sources : new int[] {0, 1, 127, 128, 255, 256, 40_000}) {
      List<Position> read = new ArrayList<>();
      for (int i = 0; i < sources; i++) {
        read.add(new Position("topic " + i, i, 7L * i, i % 3));
      }
      byte[] value = KeyBytes.write(5, read, new byte[] {1, 2, 3}, 3);
      assertEquals(new KeyBytes(5, read, value.length - 3), KeyBytes.read(value));
    }
  }

  @Test
  void bytesOfAnotherStoreAreRefused() {
    byte[] value = KeyBytes.write(5, List.of(new Position("in", 0, 1, 0), new Position("more", 0, 1, 0)), new byte[0], 0);
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThrows(StateException.class, () -> KeyBytes.read(cut), length + " bytes");
    }
    byte[] other = value.clone();
    other[0] = 2;
    assertThrows(StateException.class, () -> KeyBytes.read(other));
    byte[] negative = value.clone();
    negative[13 + 16] = (byte) 0xff;
    negative[13 + 17] = (byte) 0xff;
    assertThrows(StateException.class, () -> KeyBytes.read(negative));
  }

  /** A key whose last record was read at offset 4: what comes from earlier ones counts as read, whatever it is. */
  @Test
  void aRecordOfASmallerOffsetCountsAsRead() {
    Map<String, byte[]> values;
    try (Driver driver = driver(true, Function.identity())) {
      for (int i = 0; i < 5; i++) {
        String key = i == 4 ? "a" : "b";
        driver.in.pipeInput(key, Samples.x(key, i, 1));
      }
      values = driver.values();
    }
    try (Driver driver = driver(true, Function.identity())) {
      values.forEach(driver.states()::put);
      for (int i = 0; i < 6; i++) {
        driver.in.pipeInput("a", Samples.x("a", i, 1));
        assertEquals(i < 5 ? 0 : 1, driver.out().size(), "offset " + i);
      }
    }
  }

  /** Such as a step before forwards by the clock: it has no offset by which it could be known again. */
  @Test
  void aRecordWithoutAnOffsetIsRefusedAndNothingHasChanged() {
    for (boolean fence : new boolean[] {true, false}) {
      try (Driver driver = driver(fence, in -> in.process(ByTheClock::new))) {
        if (fence) {
          StreamsException refused = assertThrows(StreamsException.class, () -> driver.driver.advanceWallClockTime(Duration.ofSeconds(1)));
          assertTrue(refused.getCause() instanceof RillException
              && refused.getCause().getMessage().contains("exactly_once_v2"), () -> "" + refused.getCause());
        } else {
          driver.driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
        assertEquals(fence ? 0 : 1, driver.out().size());
        assertEquals(fence ? 0 : 1, driver.values().size());
      }
    }
    assertThrows(RillException.class, () -> new Fence().next(Optional.empty(), 0));
  }

  private static final class ByTheClock implements Processor<String, float[], String, float[]> {
    @Override
    public void init(ProcessorContext<String, float[]> context) {
      context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME,
          now -> context.forward(new Record<>("a", Samples.x("a", 0, 1), now)));
    }

    @Override
    public void process(Record<String, float[]> record) {}
  }

  /** What Kafka Streams does if another step of the topology waited for the broker in vain: no task begins anew. */
  @Test
  void aRecordThatIsTriedAgainAfterATimeoutIsSteppedOnce() {
    AtomicBoolean fails = new AtomicBoolean(true);
    List<KeyValue<String, float[]>> once = new ArrayList<>();
    Map<String, byte[]> expected = crash(true, 0, 2, FenceTest::twice, once);
    StreamsBuilder builder = new StreamsBuilder();
    KStream<String, float[]> in = builder.stream("in", Consumed.with(Serdes.String(), Samples.floats()));
    Driver.stepping(Driver.supplier(network), in, FenceTest::twice, builder);
    in.to((key, x, context) -> {
      if (fails.getAndSet(false)) {
        throw new TimeoutException("no metadata");
      }
      return "copies";
    }, Produced.with(Serdes.String(), Samples.floats()));
    try (Driver driver = new Driver(builder, Map.of())) {
      assertThrows(TimeoutException.class, () -> pipe(driver, 0, 1));
      driver.driver.advanceWallClockTime(Duration.ofMinutes(1));
      pipe(driver, 1, 2);
      assertEquals(2, driver.driver.createOutputTopic("copies", new StringDeserializer(), Samples.floats().deserializer()).getQueueSize());
      assertSame(expected, driver.values());
      assertEquals(once.size(), driver.out().size());
    }
  }
}
