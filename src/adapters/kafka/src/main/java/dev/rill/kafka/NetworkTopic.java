package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Swaps networks as a topic says: a compacted topic of {@link Announcement}s by name, which every process reads from its beginning when
 * it starts, before it reads any record, and follows from then on. Each process takes an announcement up by itself, within the time that
 * loading takes: in between some tasks step with the network before and some with the next. A task takes it up with its next record; an
 * announcement that is followed by another one before that, or that compaction has taken away, is for this task as if it had never been.
 *
 * <p>What cannot be served (no such text, no such file, other weights than announced, other widths) is logged as a warning, and the
 * network before goes on. A process that starts then and has none before (compaction leaves the last announcement only) does not begin
 * with its own network, which may have been replaced long ago: its tasks fail as they begin, with a
 * {@link dev.rill.tensor.StateException}, until another announcement can be served, or a tombstone says that its own network is meant;
 * by a tombstone no running process changes. States that cannot go on as announced
 * (KEEP, where they are of another structure) are refused when a record of theirs comes, with a {@link dev.rill.tensor.StateException},
 * until another announcement says what becomes of them.
 */
public final class NetworkTopic {
  private static final System.Logger LOG = System.getLogger(NetworkTopic.class.getName());
  private static final String STORE = "-networks";

  private NetworkTopic() {}

  /**
   * Follows a topic. To be said before the topology is built.
   *
   * @param builder the topology's
   * @param topic name of the topic: keys and values are text
   * @param served the networks that are swapped, by the keys of their announcements; other keys are left to others
   * @param loader fetches a network from an address
   */
  public static void follow(StreamsBuilder builder, String topic, Map<String, ServedNetwork> served, NetworkLoader loader) {
    Map<String, ServedNetwork> all = Map.copyOf(Require.given(served, "the served networks"));
    Require.given(loader, "the loader");
    builder.addGlobalStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(topic + STORE), Serdes.String(), Serdes.String()),
        topic, Consumed.with(Serdes.String(), Serdes.String()), () -> new Follower(topic + STORE, all, loader));
  }

  private static final class Follower implements Processor<String, String, Void, Void> {
    private final String name;
    private final Map<String, ServedNetwork> served;
    private final NetworkLoader loader;
    private KeyValueStore<String, String> store;

    Follower(String name, Map<String, ServedNetwork> served, NetworkLoader loader) {
      this.name = name;
      this.served = served;
      this.loader = loader;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(name);
    }

    @Override
    public void process(Record<String, String> record) {
      if (record.key() == null) {
        return;
      }
      store.put(record.key(), record.value());
      ServedNetwork network = served.get(record.key());
      if (network == null) {
        return;
      }
      if (record.value() == null) {
        network.announcedNoMore();
        return;
      }
      try {
        serve(Announcement.parse(record.value()), network);
      } catch (IOException | RuntimeException | Error refused) {
        // Whatever it is, also of the loader, and a network too large for the heap: thrown, it would end the process, every other that
        // reads the topic, and each that starts again.
        String why = "network '" + record.key() + "' stays as it is after '" + record.value() + "': " + refused;
        LOG.log(System.Logger.Level.WARNING, why);
        network.announcedInVain(why);
      }
    }

    private void serve(Announcement next, ServedNetwork network) throws IOException {
      Network loaded = loader.load(next.address());
      if (loaded.weightsFingerprint() != next.weights()) {
        throw new FormatException("the network at " + next.address() + " has other weights than were announced: "
            + Integer.toHexString(loaded.weightsFingerprint()));
      }
      network.announce(loaded, next.carry());
    }
  }
}
