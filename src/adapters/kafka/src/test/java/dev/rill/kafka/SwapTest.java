package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.LSTM;
import dev.rill.serving.Carry;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class SwapTest {
  private final Network before = Samples.network(1);
  private final Network next = Samples.network(2);
  private final Network larger = Samples.network(3, 9);

  private static float[] step(Driver driver, int i) {
    return step(driver, "a", i);
  }

  private static float[] step(Driver driver, String key, int i) {
    driver.in.pipeInput(key, Samples.x(key, i, 1));
    return driver.out().get(0).value;
  }

  private static void run(Session session, int from, int to) {
    for (int i = from; i < to; i++) {
      Samples.alone(session, Samples.x("a", i, 1));
    }
  }

  /** Three steps, a swap, two more: these come from the session. */
  private void swap(Network to, Carry carry, Session expected) {
    ServedNetwork served = ServedNetwork.of(before, Carry.REFUSE, 2);
    try (Driver driver = new Driver(Driver.supplier(served))) {
      for (int i = 0; i < 3; i++) {
        step(driver, i);
      }
      served.swap(to, carry);
      for (int i = 3; i < 5; i++) {
        assertArrayEquals(Samples.alone(expected, Samples.x("a", i, 1)), step(driver, i));
      }
    }
  }

  @Test
  void streamsAreCarriedOverAsSaid() {
    Session kept = before.session(1);
    run(kept, 0, 3);
    Session goesOn = next.session(1);
    goesOn.stateOfOtherWeights(kept.state());
    swap(next, Carry.KEEP, goesOn);
    for (Network other : new Network[] {next, larger}) {
      swap(other, Carry.RESET, other.session(1));
      Session replayed = other.session(1);
      run(replayed, 1, 3);
      swap(other, Carry.REPLAY, replayed);
    }
  }

  @Test
  void whatCannotBeServedIsRefusedAndNothingChanges() {
    ServedNetwork served = ServedNetwork.of(before);
    assertThrows(StateException.class, () -> served.swap(larger, Carry.KEEP));
    assertThrows(RillException.class, () -> served.swap(next, Carry.REPLAY));
    assertThrows(RillException.class, () -> served.swap(null, Carry.RESET));
    assertThrows(RillException.class, () -> served.swap(next, null));
    assertThrows(RillException.class, () -> ServedNetwork.of(before, Carry.REPLAY, 0));
    Sequential narrow = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new LSTM(4));
    narrow.initialize(1);
    assertThrows(ShapeException.class, () -> served.swap(narrow.freeze(), Carry.RESET));
    assertSame(before, served.network());
  }

  private Driver following(ServedNetwork served) {
    return new Driver(Driver.supplier(served).inMemory().fence(false), followers(served), Function.identity(), Map.of());
  }

  /** A topology that follows announcements, without a processor so far. */
  private static StreamsBuilder followers(ServedNetwork served) {
    StreamsBuilder builder = new StreamsBuilder();
    NetworkTopic.follow(builder, "networks", Map.of("forecast", served), address -> {
      switch (address) {
        case "nowhere" -> throw new IOException("no such file");
        case "deep" -> throw new StackOverflowError();
        case "elsewhere" -> throw new NoClassDefFoundError("a client for it");
        default -> { }
      }
      String[] seedAndUnits = address.split("/");
      return Samples.network(Long.parseLong(seedAndUnits[0]), seedAndUnits.length == 1 ? 6 : Integer.parseInt(seedAndUnits[1]));
    });
    return builder;
  }

  private static void announce(Driver driver, String address, Network network, Carry carry) {
    driver.driver.createInputTopic("networks", Serdes.String().serializer(), Serdes.String().serializer())
        .pipeInput("forecast", Announcement.of(network, carry, address).toString());
  }

  /** A session of one network that goes on with what another has read. */
  private static Session kept(Network before, Network now, String key, int from, int to) {
    Session session = before.session(1);
    for (int i = from; i < to; i++) {
      Samples.alone(session, Samples.x(key, i, 1));
    }
    return session.moveTo(now);
  }

  @Test
  void aStreamGoesByTheSwapsThatItsTaskTookUpWhileItSlept() {
    Network third = Samples.network(4);
    for (Carry first : Carry.values()) {
      for (boolean took : new boolean[] {true, false}) {
        ServedNetwork served = ServedNetwork.of(before, Carry.REFUSE, 1);
        try (Driver driver = new Driver(Driver.supplier(served))) {
          step(driver, 0);
          step(driver, 1);
          served.swap(next, first);
          if (took) {
            step(driver, "b", 0);
          }
          served.swap(third, Carry.KEEP);
          Session expected = kept(before, third, "a", 0, 2);
          if (took && (first == Carry.RESET || first == Carry.REPLAY)) {
            expected = kept(third, third, "a", first == Carry.RESET ? 2 : 1, 2);
          }
          assertArrayEquals(Samples.alone(expected, Samples.x("a", 2, 1)), step(driver, 2), first + " taken up: " + took);
        }
      }
    }
  }

  @Test
  void aReplayOutlastsARefusalThatAStreamSleptThrough() {
    Network third = Samples.network(4);
    Network fourth = Samples.network(5);
    ServedNetwork served = ServedNetwork.of(before, Carry.REFUSE, 1);
    Map<String, byte[]> values;
    String swaps;
    try (Driver driver = new Driver(Driver.supplier(served).fence(false))) {
      step(driver, 0);
      step(driver, 1);
      served.swap(next, Carry.REPLAY);
      step(driver, "b", 0);
      served.swap(third, Carry.REFUSE);
      step(driver, "c", 0);
      assertInstanceOf(StateException.class, assertThrows(StreamsException.class, () -> step(driver, 2)).getCause());
      values = driver.values();
      swaps = driver.swaps().get("weights");
      served.swap(fourth, Carry.KEEP);
      assertArrayEquals(Samples.alone(kept(fourth, fourth, "a", 1, 2), Samples.x("a", 2, 1)), step(driver, 2));
      assertArrayEquals(Samples.alone(kept(next, fourth, "b", 0, 1), Samples.x("b", 1, 1)), step(driver, "b", 1));
    }
    // The task has moved in between.
    try (Driver driver = new Driver(Driver.supplier(ServedNetwork.of(fourth, Carry.KEEP, 1)).fence(false)).after(values, swaps)) {
      assertArrayEquals(Samples.alone(kept(fourth, fourth, "a", 1, 2), Samples.x("a", 2, 1)), step(driver, 2));
    }
  }

  @Test
  void aStreamThatSleptUntilItsWeightsRunAgainGoesOn() {
    ServedNetwork served = ServedNetwork.of(before, Carry.REFUSE, 1);
    try (Driver driver = new Driver(Driver.supplier(served))) {
      step(driver, 0);
      served.swap(next, Carry.RESET);
      step(driver, "b", 0);
      served.swap(before, Carry.RESET);
      assertArrayEquals(Samples.alone(kept(before, before, "a", 0, 1), Samples.x("a", 1, 1)), step(driver, 1));
    }
  }

  @Test
  void aStreamOfWeightsThatNoTaskTookUpGoesByWhatIsServedFirstAndThenByTheSwaps() {
    Network third = Samples.network(4);
    Map<String, byte[]> values;
    try (Driver driver = new Driver(Driver.supplier(before).fence(false))) {
      step(driver, 0);
      values = driver.values();
    }
    for (Carry first : new Carry[] {Carry.KEEP, Carry.RESET}) {
      for (Carry then : new Carry[] {Carry.KEEP, Carry.RESET}) {
        ServedNetwork served = ServedNetwork.of(next, first, 0);
        try (Driver driver = new Driver(Driver.supplier(served).fence(false))) {
          values.forEach(driver.states()::put);
          step(driver, "b", 0);
          served.swap(third, then);
          boolean kept = first == Carry.KEEP && then == Carry.KEEP;
          assertArrayEquals(Samples.alone(kept ? kept(before, third, "a", 0, 1) : third.session(1), Samples.x("a", 1, 1)),
              step(driver, 1), first + " and " + then);
        }
      }
    }
  }

  @Test
  void whoReadsTheLastAnnouncementOnlyServesTheSameAsWhoReadAllOfThem() {
    Network last = Samples.network(5, 9);
    Map<String, byte[]> values;
    String swaps;
    float[][] all = new float[2][];
    ServedNetwork served = ServedNetwork.of(before);
    try (Driver driver = following(served)) {
      step(driver, 0);
      announce(driver, "3/9", larger, Carry.RESET);
      step(driver, "b", 0);
      values = driver.values();
      swaps = driver.swaps().get("weights");
      announce(driver, "5/9", last, Carry.KEEP);
      assertEquals(last.weightsFingerprint(), served.network().weightsFingerprint());
      all[0] = step(driver, 1);
      all[1] = step(driver, "b", 1);
    }
    assertArrayEquals(Samples.alone(last.session(1), Samples.x("a", 1, 1)), all[0]);
    assertArrayEquals(Samples.alone(kept(larger, last, "b", 0, 1), Samples.x("b", 1, 1)), all[1]);
    // What compaction leaves, and a process that begins with the first network.
    ServedNetwork compacted = ServedNetwork.of(before);
    try (Driver driver = following(compacted)) {
      announce(driver, "5/9", last, Carry.KEEP);
      driver.after(values, swaps);
      assertArrayEquals(all[0], step(driver, 1));
      assertArrayEquals(all[1], step(driver, "b", 1));
    }
  }

  @Test
  void statesThatCannotBeKeptAreRefusedUntilAnAnnouncementSaysWhatBecomesOfThem() {
    try (Driver driver = following(ServedNetwork.of(before))) {
      step(driver, 0);
      byte[] value = driver.states().get("a");
      announce(driver, "3/9", larger, Carry.KEEP);
      assertArrayEquals(Samples.alone(larger.session(1), Samples.x("b", 0, 1)), step(driver, "b", 0), "one that begins");
      StreamsException refused = assertThrows(StreamsException.class, () -> step(driver, 1));
      assertInstanceOf(StateException.class, refused.getCause());
      assertArrayEquals(value, driver.states().get("a"));
      announce(driver, "3/9", larger, Carry.RESET);
      assertArrayEquals(Samples.alone(larger.session(1), Samples.x("a", 1, 1)), step(driver, 1));
    }
  }

  @Test
  void aTopicSwaps() {
    ServedNetwork served = ServedNetwork.of(before);
    try (Driver driver = following(served)) {
      step(driver, 0);
      var topic = driver.driver.createInputTopic("networks", Serdes.String().serializer(), Serdes.String().serializer());
      topic.pipeInput("another", Announcement.of(next, Carry.RESET, "2").toString());
      assertSame(before, served.network());
      topic.pipeInput("forecast", Announcement.of(next, Carry.RESET, "2").toString());
      assertEquals(next.weightsFingerprint(), served.network().weightsFingerprint());
      assertArrayEquals(Samples.alone(next.session(1), Samples.x("a", 1, 1)), step(driver, 1));
      assertEquals(Announcement.of(next, Carry.RESET, "2").toString(),
          driver.driver.<String, String>getKeyValueStore("networks-networks").get("forecast"));
      topic.pipeInput("forecast", (String) null);
      assertEquals(next.weightsFingerprint(), served.network().weightsFingerprint(), "a tombstone changes no running process");
    }
  }

  @Test
  void anAnnouncementThatCannotBeServedChangesNothing() {
    ServedNetwork served = ServedNetwork.of(before);
    try (Driver driver = following(served)) {
      var topic = driver.driver.createInputTopic("networks", Serdes.String().serializer(), Serdes.String().serializer());
      for (String broken : new String[] {"", "KEEP", "KEEP xyz 2", "SOMETIMES 1 2", "RESET 1 2", "RESET 1 nowhere", "RESET 1 two", "RESET 1 deep",
          "RESET 1 elsewhere", null,
          "REPLAY " + Integer.toHexString(next.weightsFingerprint()) + " 2"}) {
        topic.pipeInput("forecast", broken);
        topic.pipeInput(null, broken);
        assertSame(before, served.network());
      }
    }
  }

  @Test
  void whoCannotServeWhatIsAnnouncedWhenItStartsDoesNotBegin() {
    ServedNetwork served = ServedNetwork.of(before);
    try (Driver starting = new Driver(followers(served), Map.of())) {
      var topic = starting.driver.createInputTopic("networks", Serdes.String().serializer(), Serdes.String().serializer());
      topic.pipeInput("forecast", "KEEP 1 nowhere");
      StreamsException refused = assertThrows(StreamsException.class, () -> new Driver(Driver.supplier(served).inMemory()));
      assertInstanceOf(StateException.class, refused.getCause());
      assertTrue(refused.getCause().getMessage().contains("'KEEP 1 nowhere': java.io.IOException: no such file"), refused::toString);
      topic.pipeInput("forecast", (String) null);
      new Driver(Driver.supplier(served).inMemory()).close();
    }
    ServedNetwork again = ServedNetwork.of(before);
    try (Driver starting = new Driver(followers(again), Map.of())) {
      var topic = starting.driver.createInputTopic("networks", Serdes.String().serializer(), Serdes.String().serializer());
      topic.pipeInput("forecast", "KEEP 1 nowhere");
      topic.pipeInput("forecast", Announcement.of(next, Carry.RESET, "2").toString());
      topic.pipeInput("forecast", "KEEP 1 nowhere");
      try (Driver driver = new Driver(Driver.supplier(again).inMemory())) {
        assertArrayEquals(Samples.alone(next.session(1), Samples.x("a", 0, 1)), step(driver, 0), "the last that it could serve");
      }
    }
  }

  @Test
  void anAnnouncementIsALineOfText() {
    Announcement announced = Announcement.of(next, Carry.REPLAY, "file:/with a blank.keras");
    assertEquals(announced, Announcement.parse(announced.toString()));
    assertThrows(FormatException.class, () -> Announcement.parse("KEEP 123456789 too-long"));
  }

  @Test
  void aStoreOfSwapsThatAnotherWroteIsRefused() {
    for (String text : new String[] {"", "KEEP", "1a2b3c4d", "1a2b3c4d SOMETIMES", "1a2b3c4dd KEEP", "1a2b3c4d KEEP 0f0e0d0c",
        "1a2b3c4d KEEP xyz KEEP", "1a2b3c4d REFUSE",
        "1a2b3c4d REFUSE REFUSE", "1a2b3c4d KEEP 0f0e0d0c REFUSE"}) {
      try (Driver driver = new Driver(Driver.supplier(before))) {
        driver.swaps().put("weights", text);
        StreamsException refused = assertThrows(StreamsException.class, () -> step(driver, 0));
        assertInstanceOf(StateException.class, refused.getCause(), text);
        assertTrue(refused.getCause().getMessage().contains("'" + text + "'"), refused.getCause()::getMessage);
      }
    }
  }

  @Test
  void aStreamThatWasResetReplaysWhatItHasReadSince() {
    ServedNetwork served = ServedNetwork.of(before, Carry.REFUSE, 2);
    try (Driver driver = new Driver(Driver.supplier(served))) {
      step(driver, 0);
      step(driver, 1);
      served.swap(next, Carry.RESET);
      step(driver, 2);
      served.swap(before, Carry.REPLAY);
      assertArrayEquals(Samples.alone(kept(before, before, "a", 2, 3), Samples.x("a", 3, 1)), step(driver, 3));
    }
  }
}
