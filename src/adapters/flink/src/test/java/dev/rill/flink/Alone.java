package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.tensor.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One process that does it all: a session for each key. */
final class Alone {
  private final Network network;
  private final Map<Integer, Session> sessions = new HashMap<>();

  Alone(Network network) {
    this.network = network;
  }

  String step(Event event) {
    Session session = sessions.computeIfAbsent(event.key, key -> network.session(1));
    float[] y = new float[event.steps() * Models.OUT];
    session.run(event.steps(), event.x, y);
    return Result.of(event, y, network.weightsFingerprint()).toString();
  }

  void end(int key) {
    sessions.remove(key);
  }

  State state(int key) {
    return sessions.get(key).state();
  }

  Map<Integer, Session> sessions() {
    return sessions;
  }

  /** Asserts that results are those of events, all of them in their order. */
  void assertSame(List<Event> events, List<Result> results) {
    assertEquals(events.size(), results.size());
    for (int i = 0; i < events.size(); i++) {
      assertEquals(step(events.get(i)), results.get(i).toString());
    }
  }
}
