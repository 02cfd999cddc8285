package dev.rill.flink;

import dev.rill.tensor.FormatException;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a checkpoint says of its states beside them: whose they are, and in which version they were written. A job that is restored with
 * another model learns here, before its first record, whether its policy takes them. Made by Flink.
 */
public final class RillStateSnapshot implements TypeSerializerSnapshot<RillState> {
  private StateFormat format;
  private int version;

  /** To be filled by {@link #readSnapshot}. */
  public RillStateSnapshot() {}

  RillStateSnapshot(StateFormat format, int version) {
    this.format = format;
    this.version = version;
  }

  /** Returns the version of the states. */
  @Override
  public int getCurrentVersion() {
    return version == 0 ? RillStateSerializer.VERSION : version;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    format.write(out);
  }

  /**
   * Reads what an earlier or this version wrote.
   *
   * @throws FormatException if a later version wrote it
   */
  @Override
  public void readSnapshot(int written, DataInputView in, ClassLoader loader) throws IOException {
    if (written < 1 || written > RillStateSerializer.VERSION) {
      throw new FormatException("the states are of version " + written + ": this Rill reads 1 to " + RillStateSerializer.VERSION
          + "; run the job with the Rill that wrote them, or a later one");
    }
    format = StateFormat.read(in);
    version = written;
  }

  @Override
  public TypeSerializer<RillState> restoreSerializer() {
    return new RillStateSerializer(format, version);
  }

  /**
   * Compares what has been written with the network that is to go on.
   *
   * @throws dev.rill.tensor.StateException if the policy refuses it, with what to do
   */
  @Override
  public TypeSerializerSchemaCompatibility<RillState> resolveSchemaCompatibility(TypeSerializerSnapshot<RillState> old) {
    if (!(old instanceof RillStateSnapshot written)) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    format.check(written.format);
    return written.version == version ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
  }
}
