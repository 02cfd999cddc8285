package dev.rill.kafka;

import dev.rill.Network;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.State;
import java.time.Instant;
import java.util.List;

/**
 * What the store has for a key.
 *
 * @param lastSeen stream time of its last record
 * @param read the last position of each source, where the fence is up; empty otherwise
 * @param state h, and c of an LSTM, of each recurrent layer; one row
 */
public record KeyState(Instant lastSeen, List<Position> read, State state) {
  /**
   * Reads a value of the store, such as an interactive query gives:
   *
   * <pre>{@code
   * byte[] value = kafkaStreams.store(supplier.query()).get("pump 7");
   * State state = KeyState.of(network, value).state();
   * }</pre>
   *
   * @param network of the structure that wrote it, be it with other weights
   * @param value not null
   * @return its parts, as copies; costs a session of one row
   * @throws dev.rill.tensor.StateException if the bytes are not of such a store, or of another structure
   */
  public static KeyState of(Network network, byte[] value) {
    KeyBytes key = KeyBytes.read(value);
    StoredStreams row = StoredStreams.of(network, 1);
    row.load(0, value, key.stream(), Carry.KEEP);
    return new KeyState(Instant.ofEpochMilli(key.seen()), List.copyOf(key.read()), row.state(0));
  }
}
