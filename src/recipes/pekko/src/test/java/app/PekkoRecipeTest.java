package app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import dev.rill.serving.StreamPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.sharding.ShardRegion.CurrentShardRegionState;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.persistence.state.DurableStateStoreRegistry;
import org.apache.pekko.persistence.testkit.PersistenceTestKitDurableStateStorePlugin;
import org.apache.pekko.persistence.testkit.state.javadsl.PersistenceTestKitDurableStateStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page's actor in a cluster of one node. */
class PekkoRecipeTest {
  private static final Path ROOT = Path.of("..", "..", "..");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int KEYS = 5;

  private final Random random = new Random(1);
  private final float[] y = new float[1];
  private Network network;
  private Session[] alone;
  private ActorTestKit kit;
  private TestProbe<StreamActor.Output> replies;

  @BeforeEach
  void cluster() throws Exception {
    network = Network.load(ROOT.resolve("src/docs/example/model.keras"));
    alone = new Session[KEYS];
    for (int key = 0; key < KEYS; key++) {
      alone[key] = network.session(1);
    }
    Matcher page = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(ROOT.resolve("src/recipes/pekko.md")));
    assertTrue(page.find());
    Config config = ConfigFactory.parseString("""
        pekko {
          loglevel = WARNING
          actor.serialize-messages = on
          remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
          cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout = 1 second
        }
        """).withFallback(PersistenceTestKitDurableStateStorePlugin.config()).withFallback(ConfigFactory.parseString(page.group(1)))
        .withFallback(ConfigFactory.load());
    kit = ActorTestKit.create("recipe", config);
    Cluster cluster = Cluster.get(kit.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    StreamActor.init(kit.system(), network);
    replies = kit.createTestProbe(StreamActor.Output.class);
  }

  @AfterEach
  void end() {
    kit.shutdownTestKit();
  }

  private void send(int key, float... x) {
    ClusterSharding.get(kit.system()).entityRefFor(StreamActor.KEY, "key " + key).tell(new StreamActor.Step(x, replies.ref()));
  }

  /** Every key takes some steps, and each output is that of a session of its own. */
  private void stepsAreThoseOfSessions(int steps) {
    for (int i = 0; i < steps; i++) {
      for (int key = 0; key < KEYS; key++) {
        float[] x = {random.nextFloat(), random.nextFloat(), random.nextFloat()};
        send(key, x);
        alone[key].step(x, y);
        assertArrayEquals(y, replies.receiveMessage(PATIENCE).y());
      }
    }
  }

  private void awaitNoActors() {
    TestProbe<CurrentShardRegionState> states = kit.createTestProbe(CurrentShardRegionState.class);
    states.awaitAssert(PATIENCE, () -> {
      ClusterSharding.get(kit.system()).shardState().tell(GetShardRegionState.apply(StreamActor.KEY.asScala(), states.ref()));
      assertTrue(states.receiveMessage(PATIENCE).getShards().stream().allMatch(shard -> shard.getEntityIds().isEmpty()));
      return null;
    });
  }

  @Test
  void passivatedStreamsGoOnToTheBit() throws Exception {
    for (int round = 0; round < 3; round++) {
      stepsAreThoseOfSessions(10);
      awaitNoActors();
    }
    PersistenceTestKitDurableStateStore<byte[]> store = DurableStateStoreRegistry.get(kit.system().classicSystem())
        .getDurableStateStoreFor(PersistenceTestKitDurableStateStore.class, PersistenceTestKitDurableStateStore.Identifier());
    StreamPool<Integer> pool = StreamPool.of(network, 1);
    for (int key = 0; key < KEYS; key++) {
      byte[] stored = store.getObject("stream|key " + key).toCompletableFuture().get().value().orElseThrow();
      pool.load(0, stored, 0, Carry.REFUSE);
      assertEquals(alone[key].state(), pool.state(0));
    }
  }

  @Test
  void aStepThatFailsEndsTheActorAndNotTheStream() {
    stepsAreThoseOfSessions(3);
    send(2, 0.5f);
    replies.expectNoMessage();
    stepsAreThoseOfSessions(3);
  }
}
