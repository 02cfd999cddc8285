package dev.rill.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A topic swaps the network of a running application, which has it again when it starts anew, and waits for it where compaction has left
 * a line that cannot be served; states can be asked for.
 */
class SwapIT {
  private static final int EACH = 400;

  @TempDir
  private Path folder;

  @Test
  void aTopicSwapsAndWhoStartsLaterHasIt() throws Exception {
    Network first = Samples.network(App.FIRST_NETWORK);
    Network next = Samples.network(2);
    try (Broker broker = new Broker(folder.resolve("broker")); Feed feed = new Feed(broker, 10)) {
      broker.topics(2, "in", "states");
      broker.topics(1, "networks");
      try (Child app = app(broker, 0)) {
        feed.write(EACH);
        Topics.awaitCommitted(broker, "application", "in");
        assertStates(app, new Replay(broker, first));

        Topics.announce(broker, Announcement.of(next, Carry.KEEP, "2").toString());
        app.await("LOADS 2");
        awaitNetwork(app, next);
        Topics.announce(broker, "RESET 12345678 3");
        app.await("LOADS 3");
        feed.write(EACH);
        Topics.awaitCommitted(broker, "application", "in");
        assertStates(app, new Replay(broker, first, EACH, next));
      }
      try (Child app = app(broker, 1)) {
        feed.write(EACH);
        app.await("PROCESSES");
        assertTrue(app.output().indexOf("LOADS 2") < app.output().indexOf("PROCESSES"), app::output);
        Topics.awaitCommitted(broker, "application", "in");
        assertStates(app, new Replay(broker, first, EACH, next));
        app.stop();
      }
      Topics.compactNetworks(broker);
      try (Child app = app(broker, 2)) {
        app.await("org.apache.kafka.streams.errors.StreamsException");
        Topics.announce(broker, Announcement.of(next, Carry.KEEP, "2").toString());
        feed.write(EACH);
        app.await("PROCESSES");
        assertTrue(app.output().contains("network 'forecast' stays as it is after 'RESET 12345678 3'"), app::output);
        Topics.awaitCommitted(broker, "application", "in");
        app.stop();
      }
      Replay one = new Replay(broker, first, EACH, next);
      assertEquals(new Replay.Outputs(4 * EACH, 0, 0, 0), one.compare(broker, "states"));
      assertEquals(0, one.otherStates(broker, next, "application-states-changelog"));
      assertEquals(String.format("%08x KEEP %08x KEEP", next.weightsFingerprint(), first.weightsFingerprint()),
          new String(Topics.last(broker, "application-states-swaps-changelog").get("weights"), StandardCharsets.UTF_8));
    }
  }

  private Child app(Broker broker, int start) throws Exception {
    return App.start(folder.resolve("app-" + start + ".txt"), App.options(broker, folder.resolve("state"), "application",
        "stores=states", "networks=networks", "processing.guarantee=exactly_once_v2"));
  }

  private static void awaitNetwork(Child app, Network network) throws Exception {
    for (int i = 0; ; i++) {
      app.say("network " + i);
      if (app.await("NETWORK " + i + " ").equals(String.valueOf(network.weightsFingerprint()))) {
        return;
      }
      assertTrue(i < 1000, "the network was not swapped");
      Thread.sleep(50);
    }
  }

  private static void assertStates(Child app, Replay one) throws Exception {
    for (Map.Entry<String, Session> entry : one.sessions.entrySet()) {
      String asked = "STATE " + entry.getKey().replace(' ', '_') + " " + one.outputs.size() + " ";
      app.say("states " + entry.getKey().replace(' ', '_') + " " + one.outputs.size());
      assertEquals(HexFormat.of().formatHex(entry.getValue().state().toBytes()), app.await(asked));
    }
  }
}
