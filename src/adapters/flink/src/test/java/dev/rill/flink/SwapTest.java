package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import dev.rill.tensor.RillException;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hot swaps in one subtask, record by record and in batches alike. */
class SwapTest {
  private static final int KEYS = 7;
  private static final int KEY = 3;

  @TempDir
  private Path folder;
  private ModelAddress model;
  private ModelAddress trained;
  private ModelAddress third;
  private ModelAddress larger;

  @BeforeEach
  void models() throws Exception {
    model = Models.file(folder, 1);
    trained = Models.file(folder, 2);
    third = Models.file(folder, 4);
    larger = Models.file(folder, 3, 9);
  }

  @AfterEach
  void noModelStays() {
    assertEquals(0, SharedNetworks.size());
  }

  private static KeyedNetwork<Event, Result> of(ModelAddress model, int most) {
    return KeyedNetwork.of(model, new EventSteps()).batch(most, Duration.ofMillis(5));
  }

  private static ModelSwap swap(ModelAddress to, Carry carry) throws Exception {
    return ModelSwap.to(to.address(), to.load().weightsFingerprint(), carry);
  }

  /** The result of the next record of a key that has had some. */
  private static String next(Harness job, long time) throws Exception {
    job.results();
    job.process(Event.ofKey(KEY, time));
    job.barrier();
    List<Result> results = job.results();
    return results.get(results.size() - 1).toString();
  }

  /** What a session gives that has read some records with one model, and now one more with another. */
  private static String kept(ModelAddress before, ModelAddress now, long time, long... read) throws Exception {
    Alone alone = new Alone(before.load());
    Event.ofKey(KEY, read).forEach(alone::step);
    Network network = now.load();
    Session session = network.session(1);
    if (read.length > 0) {
      session.stateOfOtherWeights(alone.state(KEY));
    }
    Event event = Event.ofKey(KEY, time).get(0);
    float[] y = new float[Models.OUT];
    session.step(event.x, y);
    return Result.of(event, y, network.weightsFingerprint()).toString();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aSwapHoldsForAllRecordsBehindItAndGoesIntoTheSnapshot(int most) throws Exception {
    Alone before = new Alone(model.load());
    Alone behind = new Alone(trained.load());
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.swapping(of(model, most), null)) {
      job.process(Event.list(0, 30, KEYS));
      job.swap(swap(trained, Carry.RESET));
      job.process(Event.list(30, 60, KEYS));
      snapshot = job.snapshot();
      List<Result> results = job.results();
      before.assertSame(Event.list(0, 30, KEYS), results.subList(0, 30));
      behind.assertSame(Event.list(30, 60, KEYS), results.subList(30, 60));
    }
    try (Harness job = Harness.swapping(of(model, most), snapshot)) {
      job.process(Event.list(60, 90, KEYS));
      job.barrier();
      behind.assertSame(Event.list(60, 90, KEYS), job.results());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aKeyGoesByTheSwapsThatItSleptThroughEvenIfTheJobFailsBetweenThem(int most) throws Exception {
    KeyedNetwork<Event, Result> settings = of(model, most).keepInputs(1);
    for (boolean fails : new boolean[] {false, true}) {
      for (Carry first : new Carry[] {Carry.KEEP, Carry.RESET, Carry.REPLAY}) {
        Harness job = Harness.swapping(settings, null);
        try {
          job.process(Event.ofKey(KEY, 0, 1));
          job.swap(swap(trained, first));
          if (fails) {
            OperatorSubtaskState snapshot = job.snapshot();
            job.close();
            job = Harness.swapping(settings, snapshot);
          }
          job.swap(swap(third, Carry.KEEP));
          String expected = switch (first) {
            case KEEP -> kept(model, third, 2, 0, 1);
            case REPLAY -> kept(third, third, 2, 1);
            default -> kept(third, third, 2);
          };
          assertEquals(expected, next(job, 2), first + " and KEEP");
        } finally {
          job.close();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aReplayOutlastsARefusalThatAKeySleptThrough(int most) throws Exception {
    KeyedNetwork<Event, Result> settings = of(model, most).keepInputs(1);
    ModelSwap refuses = swap(third, Carry.KEEP);
    refuses.carry = Carry.REFUSE;
    for (boolean fails : new boolean[] {false, true}) {
      Harness job = Harness.swapping(settings, null);
      try {
        job.process(Event.ofKey(KEY, 0, 1));
        job.swap(swap(trained, Carry.REPLAY));
        job.swap(refuses);
        if (fails) {
          OperatorSubtaskState snapshot = job.snapshot();
          Harness refusing = job;
          assertThrows(StateException.class, () -> next(refusing, 2));
          job.abort();
          job = Harness.swapping(settings, snapshot);
        }
        job.swap(swap(third, Carry.KEEP));
        assertEquals(kept(third, third, 2, 1), next(job, 2));
      } finally {
        job.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aKeyThatSleptUntilItsWeightsRunAgainGoesOn(int most) throws Exception {
    try (Harness job = Harness.swapping(of(model, most), null)) {
      job.process(Event.ofKey(KEY, 0, 1));
      job.swap(swap(trained, Carry.RESET));
      job.swap(swap(model, Carry.RESET));
      assertEquals(kept(model, model, 2, 0, 1), next(job, 2));
      job.swap(swap(trained, Carry.KEEP));
      assertEquals(kept(model, trained, 3, 0, 1, 2), next(job, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aKeyOfWeightsThatNoSwapKnowsGoesByTheSettingsAndThenByTheSwaps(int most) throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.open(of(model, most), null)) {
      job.process(Event.ofKey(KEY, 0, 1));
      snapshot = job.snapshot();
    }
    for (Carry settings : new Carry[] {Carry.KEEP, Carry.RESET}) {
      for (Carry swap : new Carry[] {Carry.KEEP, Carry.RESET}) {
        try (Harness job = Harness.swapping(of(trained, most).carry(settings), snapshot)) {
          job.swap(swap(third, swap));
          boolean kept = settings == Carry.KEEP && swap == Carry.KEEP;
          assertEquals(kept ? kept(model, third, 2, 0, 1) : kept(third, third, 2), next(job, 2), settings + " and " + swap);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aSwapToAnotherStructureBeginsAnewOrReplays(int most) throws Exception {
    for (Carry carry : new Carry[] {Carry.REPLAY, Carry.RESET}) {
      try (Harness job = Harness.swapping(of(model, most).keepInputs(2), null)) {
        job.process(Event.ofKey(KEY, 0, 1, 2));
        job.swap(swap(larger, carry));
        assertEquals(carry == Carry.RESET ? kept(larger, larger, 3) : kept(larger, larger, 3, 1, 2), next(job, 3));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aSwapThatCannotBeCarriedOutIsRefusedBeforeAnythingChanges(int most) throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.swapping(of(model, most), null)) {
      job.process(Event.ofKey(KEY, 0, 1));
      assertTrue(assertThrows(StateException.class, () -> job.swap(swap(larger, Carry.KEEP))).getMessage().contains("RESET or REPLAY"));
      assertThrows(RillException.class, () -> job.swap(swap(trained, Carry.REPLAY)), "nothing to replay");
      ModelSwap wrong = ModelSwap.to(trained.address(), 1, Carry.KEEP);
      assertThrows(StateException.class, () -> job.swap(wrong), "other weights");
      assertEquals(kept(model, model, 2, 0, 1), next(job, 2));
      snapshot = job.snapshot();
    }
    try (Harness job = Harness.swapping(of(model, most), snapshot)) {
      assertEquals(kept(model, model, 3, 0, 1, 2), next(job, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aJobWhoseLastSwapCannotBeReadDoesNotStartOnTheModelBefore(int most) throws Exception {
    OperatorSubtaskState snapshot;
    try (Harness job = Harness.swapping(of(model, most), null)) {
      job.process(Event.ofKey(KEY, 0));
      job.swap(swap(trained, Carry.KEEP));
      snapshot = job.snapshot();
    }
    Files.delete(Path.of(URI.create(trained.address())));
    assertThrows(IOException.class, () -> Harness.swapping(of(model, most), snapshot));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aSavepointNamesTheWeightsThatWriteSinceTheLastSwap(int most) throws Exception {
    for (ModelAddress newest : new ModelAddress[] {trained, larger}) {
      OperatorSubtaskState snapshot;
      try (Harness job = Harness.swapping(of(model, most), null)) {
        job.process(Event.ofKey(KEY, 0));
        job.swap(swap(newest, Carry.RESET));
        job.process(Event.ofKey(KEY, 1));
        snapshot = job.snapshot();
      }
      // Whatever form the job has now: what runs refuses no state of its own, and what ran before refuses those.
      try (Harness job = Harness.swapping(of(newest, most), snapshot)) {
        assertEquals(kept(newest, newest, 2, 1), next(job, 2));
      }
      try (Harness job = Harness.open(of(newest, most), snapshot)) {
        assertEquals(kept(newest, newest, 2, 1), next(job, 2));
      }
      assertThrows(Exception.class, () -> Harness.open(of(model, most), snapshot));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aJobWithoutAStreamOfSwapsGoesByThoseOfItsSavepoint(int most) throws Exception {
    for (Carry carry : new Carry[] {Carry.KEEP, Carry.RESET, Carry.REPLAY}) {
      OperatorSubtaskState snapshot;
      try (Harness job = Harness.swapping(of(model, most).keepInputs(1), null)) {
        job.process(Event.ofKey(KEY, 0, 1));
        job.swap(swap(trained, carry));
        snapshot = job.snapshot();
      }
      try (Harness job = Harness.open(of(trained, most).keepInputs(1), snapshot)) {
        assertEquals(slept(carry, trained), next(job, 2), carry + ", and the same model");
      }
      OperatorSubtaskState later;
      try (Harness job = Harness.open(of(third, most).keepInputs(1).carry(Carry.KEEP), snapshot)) {
        later = job.snapshot();
        assertEquals(slept(carry, third), next(job, 2), carry + ", and another model");
      }
      // A failure or a savepoint later, and whether there are swaps again or not.
      for (boolean swaps : new boolean[] {false, true}) {
        KeyedNetwork<Event, Result> settings = of(third, most).keepInputs(1).carry(Carry.KEEP);
        try (Harness job = swaps ? Harness.swapping(settings, later) : Harness.open(settings, later)) {
          assertEquals(slept(carry, third), next(job, 2), carry + ", and swaps again: " + swaps);
        }
      }
    }
  }

  /** The next result of a key that read two records with the first model, slept through a swap, and is stepped by another model now. */
  private String slept(Carry carry, ModelAddress now) throws Exception {
    return switch (carry) {
      case KEEP -> kept(model, now, 2, 0, 1);
      case REPLAY -> kept(now, now, 2, 1);
      default -> kept(now, now, 2);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void aStreamThatWasResetReplaysWhatItHasReadSince(int most) throws Exception {
    try (Harness job = Harness.swapping(of(model, most).keepInputs(2), null)) {
      job.process(Event.ofKey(KEY, 0, 1));
      job.swap(swap(trained, Carry.RESET));
      job.process(Event.ofKey(KEY, 2));
      job.swap(swap(third, Carry.REPLAY));
      assertEquals(kept(third, third, 3, 2), next(job, 3));
    }
  }
}
