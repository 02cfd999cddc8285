package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one form of the operator has left, with batches or without, with swaps or without, each other form goes on with. */
class FormsTest {
  private static final int KEYS = 5;

  @TempDir
  private Path folder;
  private ModelAddress model;

  @BeforeEach
  void model() throws Exception {
    model = Models.file(folder, 1);
  }

  private enum Form {
    SINGLE(1, false), BATCHES(16, false), SWAPS(1, true), SWAPS_AND_BATCHES(16, true);

    private final int most;
    private final boolean swaps;

    Form(int most, boolean swaps) {
      this.most = most;
      this.swaps = swaps;
    }

    Harness open(KeyedNetwork<Event, Result> settings, OperatorSubtaskState from) throws Exception {
      KeyedNetwork<Event, Result> own = settings.batch(most, Duration.ofMillis(5));
      return swaps ? Harness.swapping(own, from) : Harness.open(own, from);
    }
  }

  @ParameterizedTest
  @EnumSource
  void statesAndTimersGoOn(Form from) throws Exception {
    KeyedNetwork<Event, Result> settings = KeyedNetwork.of(model, new EventSteps());
    for (Form to : Form.values()) {
      for (boolean byClock : new boolean[] {false, true}) {
        Duration idle = Duration.ofMillis(100);
        KeyedNetwork<Event, Result> ending = byClock ? settings.idleByClock(idle) : settings.idle(idle);
        Alone alone = new Alone(model.load());
        List<Event> events = Event.list(0, 30, KEYS);
        OperatorSubtaskState snapshot;
        try (Harness job = from.open(ending, null)) {
          job.clock(20);
          job.process(events);
          snapshot = job.snapshot();
          alone.assertSame(events, job.results());
        }
        try (Harness job = to.open(ending, snapshot)) {
          assertEquals(KEYS, job.timers());
          job.clock(40);
          List<Event> one = Event.ofKey(3, 40);
          job.process(one);
          job.barrier();
          alone.assertSame(one, job.results());
          pass(job, byClock, 135);
          assertEquals(1, job.states(), from + " to " + to);
          pass(job, byClock, 141);
          assertEquals(0, job.states());
          assertEquals(0, job.timers());
        }
      }
    }
  }

  private static void pass(Harness job, boolean byClock, long time) throws Exception {
    if (byClock) {
      job.clock(time);
    } else {
      job.watermark(time);
    }
  }
}
