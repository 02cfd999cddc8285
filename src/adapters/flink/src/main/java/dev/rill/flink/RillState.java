package dev.rill.flink;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.serving.Carry;
import dev.rill.serving.StoredStreams;
import dev.rill.tensor.State;
import java.util.Arrays;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * What Flink keeps for a key: its stream as bytes, and when it was last seen. It is used over and over in place: a heap backend copies it
 * while a checkpoint is being written, the others have bytes of their own.
 *
 * <p>To be read by the state processor API and by queries, with {@link #descriptor}.
 */
public final class RillState {
  /** No record with a time has been seen. */
  static final long UNKNOWN = Long.MIN_VALUE;
  private static final String NAME = "rill";

  byte[] bytes;
  int length;
  /** Greatest time of a record, in milliseconds of the clock that expiry goes by. */
  long lastSeen = UNKNOWN;

  RillState(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /**
   * Names the state of a job's key, for the state processor API and for functions of one's own.
   *
   * @param network what steps the streams, or one of the same structure
   * @param carry what becomes of states that other weights wrote
   * @return a descriptor of the state that {@link KeyedNetwork} keeps
   */
  public static ValueStateDescriptor<RillState> descriptor(Network network, Carry carry) {
    return descriptor(new RillStateSerializer(StateFormat.of(network, carry)));
  }

  static ValueStateDescriptor<RillState> descriptor(RillStateSerializer serializer) {
    return new ValueStateDescriptor<>(NAME, serializer);
  }

  /**
   * The state as a value.
   *
   * @param network what stepped it
   * @return one row
   * @throws dev.rill.tensor.StateException if other weights wrote it
   */
  public State value(Network network) {
    StoredStreams streams = StoredStreams.of(network, 1);
    streams.load(0, bytes, 0, Carry.REFUSE);
    return streams.state(0);
  }

  /**
   * The state as bytes.
   *
   * @return a copy, as {@link StoredStreams#save} and {@link Session#save} write it
   */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  RillState copy() {
    RillState copy = new RillState(Arrays.copyOf(bytes, length), length);
    copy.lastSeen = lastSeen;
    return copy;
  }

  /** Returns its size. */
  @Override
  public String toString() {
    return "RillState of " + length + " bytes";
  }
}
