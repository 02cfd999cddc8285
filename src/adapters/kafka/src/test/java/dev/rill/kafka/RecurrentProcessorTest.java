package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

class RecurrentProcessorTest {
  private final Network network = Samples.network(1);

  @Test
  void eachKeyStepsAsIfItWereAlone() {
    Map<String, Session> alone = new HashMap<>();
    try (Driver driver = new Driver(Driver.supplier(network))) {
      for (int i = 0; i < 200; i++) {
        String key = "key " + i * i % 7;
        float[] x = Samples.x(key, i, 1);
        driver.in.pipeInput(key, x);
        KeyValue<String, float[]> out = driver.out().get(0);
        assertEquals(key, out.key);
        assertArrayEquals(Samples.alone(alone.computeIfAbsent(key, first -> network.session(1)), x), out.value);
      }
      alone.forEach((key, session) ->
          assertArrayEquals(session.state().toBytes(), KeyState.of(network, driver.states().get(key)).state().toBytes()));
    }
  }

  @Test
  void aRecordMayBringSeveralSteps() {
    Session alone = network.session(1);
    try (Driver driver = new Driver(Driver.supplier(network))) {
      for (int steps = 1; steps < 40; steps++) {
        float[] x = Samples.x("a", 100 * steps, steps);
        driver.in.pipeInput("a", x);
        assertArrayEquals(Samples.alone(alone, x), driver.out().get(0).value);
      }
    }
  }

  @Test
  void aModelThatReturnsTheLastStepOnlyGivesItAlone() {
    Network last = Samples.lastStepOnly(1);
    Session alone = last.session(1);
    try (Driver driver = new Driver(Driver.supplier(last))) {
      for (int steps = 1; steps < 5; steps++) {
        float[] x = Samples.x("a", 100 * steps, steps);
        float[] y = new float[Samples.OUT];
        alone.run(steps, x, y);
        driver.in.pipeInput("a", x);
        assertArrayEquals(y, driver.out().get(0).value);
      }
    }
  }

  @Test
  void keyTimeAndHeadersStay() {
    try (Driver driver = new Driver(Driver.supplier(network))) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1), 12345);
      var out = driver.driver.createOutputTopic("out", Serdes.String().deserializer(), Samples.floats().deserializer()).readRecord();
      assertEquals("a", out.key());
      assertEquals(12345, out.timestamp());
    }
  }

  @Test
  void statesGoOnInAnotherTask() {
    Session alone = network.session(1);
    Map<String, byte[]> values;
    try (Driver driver = new Driver(Driver.supplier(network).fence(false))) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1));
      Samples.alone(alone, Samples.x("a", 0, 1));
      values = driver.values();
    }
    try (Driver driver = new Driver(Driver.supplier(network).fence(false))) {
      values.forEach(driver.states()::put);
      driver.in.pipeInput("a", Samples.x("a", 1, 1));
      assertArrayEquals(Samples.alone(alone, Samples.x("a", 1, 1)), driver.out().get(0).value);
    }
  }

  @Test
  void aStateIsLittleMoreThanItsNumbers() {
    try (Driver driver = new Driver(Driver.supplier(network).fence(false))) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1));
      assertEquals(StoredStreams.of(network, 1).maxBytes() + 13, driver.states().get("a").length);
    }
    try (Driver driver = new Driver(Driver.supplier(network))) {
      driver.in.pipeInput("a", Samples.x("a", 0, 1));
      assertEquals(StoredStreams.of(network, 1).maxBytes() + 13 + 18 + "in".length(), driver.states().get("a").length);
      assertEquals(List.of(new Position("in", 0, 0, 0)), KeyState.of(network, driver.states().get("a")).read());
    }
  }

  @Test
  void aPeriodIsAtLeastAMillisecond() {
    var supplier = Driver.supplier(network);
    assertThrows(ShapeException.class, () -> supplier.endAfter(Duration.ZERO, Duration.ofHours(1)));
    assertThrows(ShapeException.class, () -> supplier.endAfter(Duration.ofHours(1), Duration.ofNanos(1)));
    assertThrows(ShapeException.class, () -> supplier.endAfter(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofHours(1)));
    assertThrows(RillException.class, () -> supplier.endAfter(null, Duration.ofHours(1)));
  }
}
