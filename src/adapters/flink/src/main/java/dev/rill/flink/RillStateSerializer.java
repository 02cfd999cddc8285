package dev.rill.flink;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * States of keys as Flink keeps them: int length; the stream's bytes; since version 2: long time last seen. A state of version 1 was last
 * seen at a time that nobody knows.
 */
final class RillStateSerializer extends TypeSerializer<RillState> {
  static final int VERSION = 2;
  private static final long serialVersionUID = 1;

  private final int version;
  /** Whose states are written now; what a checkpoint says. */
  private volatile StateFormat format;

  RillStateSerializer(StateFormat format) {
    this(format, VERSION);
  }

  /** One that reads, and writes, what an earlier version wrote. */
  RillStateSerializer(StateFormat format, int version) {
    this.format = format;
    this.version = version;
  }

  /** Another network writes from now on. */
  void follow(StateFormat next) {
    format = next;
  }

  @Override
  public void serialize(RillState state, DataOutputView out) throws IOException {
    out.writeInt(state.length);
    out.write(state.bytes, 0, state.length);
    if (version >= 2) {
      out.writeLong(state.lastSeen);
    }
  }

  @Override
  public RillState deserialize(DataInputView in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    RillState state = new RillState(bytes, bytes.length);
    if (version >= 2) {
      state.lastSeen = in.readLong();
    }
    return state;
  }

  @Override
  public RillState deserialize(RillState reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public RillState copy(RillState from) {
    return from.copy();
  }

  @Override
  public RillState copy(RillState from, RillState reuse) {
    return from.copy();
  }

  @Override
  public RillState createInstance() {
    return new RillState(new byte[0], 0);
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializer<RillState> duplicate() {
    return this;
  }

  @Override
  public TypeSerializerSnapshot<RillState> snapshotConfiguration() {
    return new RillStateSnapshot(format, version);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RillStateSerializer that && format.equals(that.format) && version == that.version;
  }

  @Override
  public int hashCode() {
    return format.hashCode();
  }
}
