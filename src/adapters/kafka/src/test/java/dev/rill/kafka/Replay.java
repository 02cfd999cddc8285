package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What one process gives that reads topic {@code in} from its beginning to its end, with a session for each key. */
final class Replay {
  /** Outputs by the number of their record; several where the topic has it several times. */
  final Map<Integer, List<float[]>> outputs = new TreeMap<>();
  final Map<String, Session> sessions = new HashMap<>();

  /** By partition, and by key. */
  private final Map<Integer, Long> streamTime = new HashMap<>();
  private final Map<String, ConsumerRecord<?, ?>> seen = new HashMap<>();
  private final long idle;

  Replay(Broker broker, Network network) {
    this(broker, network, Long.MAX_VALUE);
  }

  /** Streams end that are not seen for some time. */
  Replay(Broker broker, Network network, long idle) {
    this(broker, network, Integer.MAX_VALUE, network, idle);
  }

  /** From a record's number on, another network goes on with the states. */
  Replay(Broker broker, Network network, int swapAt, Network next) {
    this(broker, network, swapAt, next, Long.MAX_VALUE);
  }

  private Replay(Broker broker, Network network, int swapAt, Network next, long idle) {
    this.idle = idle;
    for (ConsumerRecord<String, byte[]> record : Topics.read(broker, "in")) {
      streamTime.merge(record.partition(), record.timestamp(), Math::max);
      Session session = ended(record.key()) ? network.session(1) : sessions.get(record.key());
      if (Topics.number(record) >= swapAt && session.state().weightsFingerprint() == network.weightsFingerprint()) {
        session = session.moveTo(next);
      }
      sessions.put(record.key(), session);
      seen.put(record.key(), record);
      outputs.computeIfAbsent(Topics.number(record), first -> new ArrayList<>())
          .add(Samples.alone(session, Samples.floats(record.value())));
    }
  }

  /** Whether a stream has not begun, or has ended. */
  private boolean ended(String key) {
    ConsumerRecord<?, ?> last = seen.get(key);
    return last == null || streamTime.get(last.partition()) - last.timestamp() >= idle;
  }

  /** How many keys of a changelog have another state than here, or none. Those that have ended may still be there or not. */
  int otherStates(Broker broker, Network network, String changelog) {
    Map<String, byte[]> last = Topics.last(broker, changelog);
    int other = 0;
    for (Map.Entry<String, Session> entry : sessions.entrySet()) {
      byte[] value = last.remove(entry.getKey());
      if (!ended(entry.getKey()) && (value == null
          || !Arrays.equals(entry.getValue().state().toBytes(), KeyState.of(network, value).state().toBytes()))) {
        other++;
      }
    }
    return other + last.size();
  }

  /** What a topic of outputs is, compared to this. */
  record Outputs(int right, int again, int wrong, int missing) {}

  Outputs compare(Broker broker, String topic) {
    Map<Integer, Integer> seen = new HashMap<>();
    int wrong = 0;
    int again = 0;
    for (ConsumerRecord<String, byte[]> record : Topics.read(broker, topic)) {
      int number = Topics.number(record);
      List<float[]> expected = outputs.get(number);
      int n = seen.merge(number, 1, Integer::sum);
      if (!Samples.sameBits(expected.get(Math.min(n, expected.size()) - 1), Samples.floats(record.value()))) {
        wrong++;
      }
      again += n > expected.size() ? 1 : 0;
    }
    int missing = 0;
    for (Map.Entry<Integer, List<float[]>> entry : outputs.entrySet()) {
      missing += Math.max(0, entry.getValue().size() - seen.getOrDefault(entry.getKey(), 0));
    }
    return new Outputs(seen.size(), again, wrong, missing);
  }
}
