package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.serving.Carry;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One subtask: record by record (batches of 1) and in batches alike, it does what a session for each key does. */
class KeyedNetworkTest {
  private static final int KEYS = 7;
  private static final Duration WAIT = Duration.ofMillis(5);

  @TempDir
  private Path folder;
  private ModelAddress model;
  private ModelAddress trained;
  private ModelAddress larger;

  @BeforeEach
  void models() throws Exception {
    model = Models.file(folder, 1);
    trained = Models.file(folder, 2);
    larger = Models.file(folder, 3, 9);
  }

  @AfterEach
  void noModelStays() {
    assertEquals(0, SharedNetworks.size());
  }

  private KeyedNetwork<Event, Result> settings(int most) {
    return of(model, most);
  }

  private static KeyedNetwork<Event, Result> of(ModelAddress model, int most) {
    return KeyedNetwork.of(model, new EventSteps()).batch(most, WAIT);
  }

  private static List<Event> events(long from, long to) {
    return Event.list(from, to, KEYS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 16, 100})
  void outputsAreThoseOfASessionForEachKeyInTheOrderOfRecords(int most) throws Exception {
    try (Harness job = Harness.open(settings(most), null)) {
      List<Event> events = events(0, 200);
      job.process(events);
      job.barrier();
      new Alone(model.load()).assertSame(events, job.results());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16})
  void aSnapshotGoesOnToTheBit(int most) throws Exception {
    Alone alone = new Alone(model.load());
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.open(settings(most), null)) {
      job.process(events(0, 99));
      snapshot = job.snapshot();
      // What comes after it belongs to nobody.
      job.process(events(99, 150));
    }
    for (Event event : events(0, 99)) {
      alone.step(event);
    }
    // Batches of another size, too.
    try (Harness job = Harness.open(settings(17 - most), snapshot)) {
      job.process(events(99, 200));
      job.barrier();
      alone.assertSame(events(99, 200), job.results());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void statesOfVersion1GoOn(int most) throws Exception {
    Alone alone = new Alone(model.load());
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.of(new KeyedProcessOperator<>(new Version1Function(model)), null)) {
      for (int key = 0; key < KEYS; key++) {
        job.process(Event.of(-1 - key, key, 2));
        alone.step(Event.of(-1 - key, key, 2));
      }
      snapshot = job.snapshot();
    }
    try (Harness job = Harness.open(settings(most), snapshot)) {
      job.process(events(0, 50));
      job.barrier();
      alone.assertSame(events(0, 50), job.results());
    }
  }

  @Test
  void recordsWaitForTheirBatchNoLongerThanSaid() throws Exception {
    try (Harness job = Harness.open(settings(4), null)) {
      job.clock(1000);
      job.process(events(0, 3));
      assertEquals(0, job.results().size());
      job.process(events(3, 4));
      assertEquals(4, job.results().size(), "enough of them");
      job.clock(1003);
      job.process(events(4, 5));
      job.clock(1007);
      assertEquals(0, job.results().size(), "the timer of the batch before is not theirs");
      job.clock(1008);
      assertEquals(1, job.results().size(), "one has waited long enough");
      job.process(events(5, 7));
      job.watermark(6);
      assertEquals(2, job.results().size(), "a watermark");
      job.process(events(7, 9));
      job.barrier();
      assertEquals(2, job.results().size(), "a barrier");
      job.process(events(9, 10));
      job.finish();
      assertEquals(1, job.results().size(), "the end");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aStreamThatStayedAwayBeginsAnewWhateverWatermarksSay(int most) throws Exception {
    List<Event> events = Event.ofKey(3, 0, 50, 150, 251, 300, 290, 390, 491);
    for (boolean marks : new boolean[] {false, true}) {
      try (Harness job = Harness.open(settings(most).idle(Duration.ofMillis(100)), null)) {
        List<Result> results = new ArrayList<>();
        for (Event event : events) {
          job.process(event);
          if (marks) {
            job.watermark(event.time);
          }
        }
        job.barrier();
        results.addAll(job.results());
        Alone alone = new Alone(model.load());
        for (int i = 0; i < events.size(); i++) {
          if (events.get(i).time == 251 || events.get(i).time == 491) {
            alone.end(3);
          }
          assertEquals(alone.step(events.get(i)), results.get(i).toString());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aTimerFreesTheStateOfAStreamThatStaysAway(int most) throws Exception {
    try (Harness job = Harness.open(settings(most).idle(Duration.ofMillis(100)), null)) {
      for (int i = 0; i < 50; i++) {
        job.process(Event.of(i, KEYS));
      }
      job.barrier();
      assertEquals(KEYS, job.timers(), "one a key, however many records it has");
      job.process(Event.ofKey(3, 120));
      job.watermark(150);
      assertEquals(1, job.states());
      assertEquals(1, job.timers());
      job.watermark(220);
      assertEquals(1, job.states(), "at 220 a record would go on");
      job.watermark(221);
      assertEquals(0, job.states());
      assertEquals(0, job.timers());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aLateRecordGoesOnUntilTheMemoryOfItsStreamIsFreed(int most) throws Exception {
    for (long mark : new long[] {200, 201}) {
      try (Harness job = Harness.open(settings(most).idle(Duration.ofMillis(100)), null)) {
        job.process(Event.ofKey(3, 100));
        job.watermark(mark);
        List<Event> late = Event.ofKey(3, 150, 90, 190);
        job.process(late);
        job.barrier();
        Alone alone = new Alone(model.load());
        if (mark == 200) {
          alone.step(Event.ofKey(3, 100).get(0));
        }
        List<Result> results = job.results();
        alone.assertSame(late, results.subList(1, 4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void recordsThatAreNotLateNeverNoticeWatermarks(int most) throws Exception {
    Random random = new Random(3);
    List<Event> events = new ArrayList<>();
    for (long time = 0; time < 3000; time += random.nextInt(25)) {
      events.add(Event.of(time - random.nextInt(40), random.nextInt(KEYS), 1));
    }
    List<String> expected = null;
    for (int marks : new int[] {0, 1, 7}) {
      try (Harness job = Harness.open(settings(most).idle(Duration.ofMillis(100)), null)) {
        List<String> results = new ArrayList<>();
        long greatest = Long.MIN_VALUE;
        for (int i = 0; i < events.size(); i++) {
          job.process(events.get(i));
          greatest = Math.max(greatest, events.get(i).time);
          if (marks > 0 && i % marks == 0) {
            // No record comes that is not greater.
            job.watermark(greatest - 40);
          }
        }
        job.barrier();
        job.results().forEach(result -> results.add(result.toString()));
        assertTrue(expected == null || expected.equals(results), "watermarks every " + marks);
        expected = results;
      }
    }
  }

  @Test
  void aTimerOfEarlierSettingsFreesNothingWhoseTimeIsUnknown() throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.open(settings(1).idle(Duration.ofMillis(100)), null)) {
      job.process(Event.ofKey(3, 0));
      snapshot = job.snapshot();
    }
    try (Harness job = Harness.open(settings(1), snapshot)) {
      job.process(Event.ofKey(3, 10));
      snapshot = job.snapshot();
    }
    try (Harness job = Harness.open(settings(1).idle(Duration.ofMillis(100)), snapshot)) {
      job.watermark(500);
      assertEquals(1, job.states());
      job.process(Event.ofKey(3, 501));
      Alone alone = new Alone(model.load());
      Event.ofKey(3, 0, 10).forEach(alone::step);
      alone.assertSame(Event.ofKey(3, 501), job.results());
      job.watermark(602);
      assertEquals(0, job.states());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void streamsEndByTheClockWhereThatIsSaid(int most) throws Exception {
    try (Harness job = Harness.open(settings(most).idleByClock(Duration.ofMillis(100)), null)) {
      Alone alone = new Alone(model.load());
      List<Result> results = new ArrayList<>();
      List<Event> events = Event.ofKey(3, 1, 2, 3, 4);
      long[] clocks = {1000, 1100, 1201, 1301};
      for (int i = 0; i < 4; i++) {
        job.clock(clocks[i]);
        job.process(events.get(i));
      }
      job.clock(1310);
      results.addAll(job.results());
      for (int i = 0; i < 4; i++) {
        if (i == 2) {
          alone.end(3);
        }
        assertEquals(alone.step(events.get(i)), results.get(i).toString());
      }
      assertEquals(1, job.states());
      job.clock(1402);
      assertEquals(0, job.states());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void statesOfOtherWeightsAreRefusedBeforeTheFirstRecordOrCarriedByPolicy(int most) throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.open(settings(most).keepInputs(2), null)) {
      job.process(Event.ofKey(3, 0, 1, 2));
      snapshot = job.snapshot();
    }
    KeyedNetwork<Event, Result> next = of(trained, most).keepInputs(2);
    assertTrue(messages(assertThrows(Exception.class, () -> Harness.open(next, snapshot))).contains("say carry(Carry.KEEP)"));
    KeyedNetwork<Event, Result> other = of(larger, most).keepInputs(2);
    for (Carry carry : new Carry[] {Carry.REFUSE, Carry.KEEP}) {
      assertTrue(messages(assertThrows(Exception.class, () -> Harness.open(other.carry(carry), snapshot))).contains("begin them anew"));
    }
    Alone before = new Alone(model.load());
    Event.ofKey(3, 0, 1, 2).forEach(before::step);
    var kept = trained.load().session(1);
    kept.stateOfOtherWeights(before.state(3));
    float[] y = new float[Models.OUT];
    kept.step(Event.ofKey(3, 3).get(0).x, y);
    assertEquals(Result.of(Event.ofKey(3, 3).get(0), y, trained.load().weightsFingerprint()).toString(), after(next.carry(Carry.KEEP), snapshot));
    for (ModelAddress to : new ModelAddress[] {trained, larger}) {
      Alone anew = new Alone(to.load());
      KeyedNetwork<Event, Result> swapped = of(to, most).keepInputs(2);
      assertEquals(anew.step(Event.ofKey(3, 3).get(0)), after(swapped.carry(Carry.RESET), snapshot));
      Alone replayed = new Alone(to.load());
      Event.ofKey(3, 1, 2).forEach(replayed::step);
      assertEquals(replayed.step(Event.ofKey(3, 3).get(0)), after(swapped.carry(Carry.REPLAY), snapshot));
    }
  }

  private static String after(KeyedNetwork<Event, Result> settings, OperatorSubtaskState snapshot) throws Exception {
    try (Harness job = Harness.open(settings, snapshot)) {
      job.process(Event.ofKey(3, 3));
      job.barrier();
      return job.results().get(0).toString();
    }
  }

  private static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      all.append(t.getMessage()).append('\n');
    }
    return all.toString();
  }

  @Test
  void aModelThatHasBeenReplacedIsNotTaken() throws Exception {
    Files.copy(Path.of(URI.create(trained.address())), Path.of(URI.create(model.address())), StandardCopyOption.REPLACE_EXISTING);
    assertTrue(assertThrows(StateException.class, model::load).getMessage().contains("replaced"));
    assertThrows(StateException.class, () -> Harness.open(settings(1), null));
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedWhereTheyAreSaid() throws Exception {
    assertThrows(RillException.class, () -> settings(1).idle(Duration.ZERO));
    assertThrows(RillException.class, () -> settings(1).idle(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThrows(ShapeException.class, () -> settings(0));
    assertThrows(ShapeException.class, () -> settings(1).batch(2, Duration.ZERO));
    assertThrows(ShapeException.class, () -> settings(1).batch(2, Duration.ofSeconds(Long.MAX_VALUE)));
    assertThrows(ShapeException.class, () -> settings(1).keepInputs(-1));
    assertThrows(RillException.class, () -> ModelSwap.to("file:/m.keras", 1, Carry.REFUSE));
    assertThrows(RillException.class, () -> Harness.open(settings(1).carry(Carry.REPLAY), null), "nothing to replay");
  }

  @Test
  void recordsWithoutStepsOrTimesAreRefused() throws Exception {
    try (Harness job = Harness.open(settings(1), null)) {
      Event empty = Event.of(1, 1, 0);
      assertTrue(assertThrows(ShapeException.class, () -> job.process(empty)).getMessage().contains("at least 1"));
    }
    assertTrue(assertThrows(RillException.class, () -> Expiry.after(WAIT, false).time(null, 5)).getMessage().contains("idleByClock"));
  }
}
