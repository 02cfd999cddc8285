package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One application that is killed at random times, with two stores that see the same records and the same kills: with the fence its
 * states are those of one process, and without they are not, so that the proof would notice.
 */
class AtLeastOnceIT {
  private static final boolean LONG = Boolean.getBoolean("long");

  @TempDir
  private Path folder;

  @Test
  void theFenceKeepsStatesRightAndWithoutItTheyAreNot() throws Exception {
    Random random = new Random(11);
    try (Broker broker = new Broker(folder.resolve("broker"))) {
      broker.topics(4, "in", "fenced", "open", "fenced-ending");
      try (Feed feed = new Feed(broker, 100).run(20)) {
        Child app = app(broker, 0);
        try {
          for (int kill = 1; kill <= (LONG ? 20 : 2); kill++) {
            app.await("PROCESSES");
            Thread.sleep(1000 + random.nextInt(1500));
            app.kill();
            app = app(broker, kill);
          }
          app.await("PROCESSES");
          feed.end();
          Topics.awaitCommitted(broker, "application", "in");
          app.stop();
        } finally {
          app.close();
        }
      }
      Network network = Samples.network(App.FIRST_NETWORK);
      Replay one = new Replay(broker, network);
      int fenced = one.otherStates(broker, network, "application-fenced-changelog");
      int open = one.otherStates(broker, network, "application-open-changelog");
      Replay.Outputs fencedOutputs = one.compare(broker, "fenced");
      Replay.Outputs openOutputs = one.compare(broker, "open");
      System.out.println("at least once, fenced: " + fencedOutputs + ", other states " + fenced);
      System.out.println("at least once, open:   " + openOutputs + ", other states " + open);
      assertEquals(0, fenced);
      assertEquals(0, fencedOutputs.wrong());
      assertEquals(0, new Replay(broker, network, Feed.IDLE).otherStates(broker, network, "application-fenced-ending-changelog"));
      assertTrue(open > 0 && openOutputs.wrong() > 0, "without the fence nothing went wrong: this proves nothing");
    }
  }

  /** Without a cache each state goes to the changelog at once, long before offsets are committed. */
  private Child app(Broker broker, int start) throws Exception {
    return App.start(folder.resolve("app-" + start + ".txt"), App.options(broker, folder.resolve("state"), "application",
        "stores=fenced,open,fenced-ending", "commit.interval.ms=3000", "statestore.cache.max.bytes=0", "producer.linger.ms=5"));
  }
}
