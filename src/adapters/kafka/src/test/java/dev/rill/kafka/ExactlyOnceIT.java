package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills at random times, a broker that dies, instances that come and go: outputs and states are, to the bit, those of one process. With
 * {@code -Dlong=true} there are twenty kills, and a few otherwise.
 */
class ExactlyOnceIT {
  private static final boolean LONG = Boolean.getBoolean("long");
  private static final String[] EXACTLY_ONCE = {"stores=states,ending", "processing.guarantee=exactly_once_v2", "commit.interval.ms=100"};

  @TempDir
  private Path folder;

  @Test
  void killsAndBrokersAndInstancesChangeNoBit() throws Exception {
    Random random = new Random(7);
    try (Broker broker = new Broker(folder.resolve("broker"))) {
      broker.topics(4, "in", "states", "ending");
      try (Feed feed = new Feed(broker, 100).run(20)) {
        Child app = app(broker, 0, "one");
        try {
          for (int kill = 1; kill <= (LONG ? 20 : 1); kill++) {
            if (kill % 4 == 0) {
              // While it starts and restores.
              Thread.sleep(random.nextInt(5000));
            } else {
              app.await("PROCESSES");
              Thread.sleep(random.nextInt(1500));
            }
            app.kill();
            app = app(broker, kill, "one");
          }
          app.await("PROCESSES");
          broker.kill();
          Thread.sleep(random.nextInt(1000));
          broker.start();
          try (Child second = app(broker, 100, "two")) {
            second.await("PROCESSES");
            Thread.sleep(random.nextInt(1500));
          }
          try (Child third = app(broker, 101, "three")) {
            third.await("PROCESSES");
            third.stop();
          }
          feed.end();
          Topics.awaitCommitted(broker, "application", "in");
          app.stop();
        } finally {
          app.close();
        }
      }
      Network network = Samples.network(App.FIRST_NETWORK);
      assertRight(broker, "states", new Replay(broker, network));
      assertRight(broker, "ending", new Replay(broker, network, Feed.IDLE));
    }
  }

  private static void assertRight(Broker broker, String store, Replay one) {
    Replay.Outputs outputs = one.compare(broker, store);
    System.out.println("exactly once, " + store + ": " + outputs);
    assertTrue(one.outputs.size() > 1000);
    assertEquals(new Replay.Outputs(one.outputs.size(), 0, 0, 0), outputs);
    assertEquals(0, one.otherStates(broker, Samples.network(App.FIRST_NETWORK), "application-" + store + "-changelog"));
  }

  private Child app(Broker broker, int start, String name) throws Exception {
    return App.start(folder.resolve("app-" + start + ".txt"), App.options(broker, folder.resolve(name), "application", EXACTLY_ONCE));
  }
}
