package dev.rill.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.serving.Carry;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RillStateSerializerTest {
  private static final StateFormat FORMAT = new StateFormat(0x51, 0x77, "[h 5]", Carry.REFUSE);

  private final RillStateSerializer serializer = new RillStateSerializer(FORMAT);

  private static RillState state(int... bytes) {
    byte[] content = new byte[bytes.length + 3];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    RillState state = new RillState(content, bytes.length);
    state.lastSeen = 0x1234;
    return state;
  }

  private static byte[] bytes(RillStateSerializer serializer, RillState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(state, out);
    return out.getCopyOfBuffer();
  }

  @Test
  void aStateIsItsBytesAndItsTime() throws IOException {
    byte[] written = bytes(serializer, state(7, 8, 9));
    assertEquals("00000003" + "070809" + "0000000000001234", HexFormat.of().formatHex(written));
    RillState read = serializer.deserialize(new DataInputDeserializer(written));
    assertArrayEquals(new byte[] {7, 8, 9}, read.toBytes());
    assertArrayEquals(written, bytes(serializer, read));
    DataOutputSerializer copied = new DataOutputSerializer(16);
    serializer.copy(new DataInputDeserializer(written), copied);
    assertArrayEquals(written, copied.getCopyOfBuffer());
  }

  @Test
  void aCopySharesNothing() throws IOException {
    RillState state = state(7, 8, 9);
    RillState copy = serializer.copy(state);
    assertArrayEquals(bytes(serializer, state), bytes(serializer, copy));
    assertNotSame(state.bytes, copy.bytes);
  }

  @Test
  void version1IsReadAndMigrated() throws IOException {
    RillStateSerializer first = new RillStateSerializer(FORMAT, 1);
    TypeSerializerSnapshot<RillState> written = reread(first.snapshotConfiguration(), 1);
    assertEquals(1, written.getCurrentVersion());
    byte[] old = HexFormat.of().parseHex("00000003" + "070809");
    RillState state = written.restoreSerializer().deserialize(new DataInputDeserializer(old));
    assertArrayEquals(new byte[] {7, 8, 9}, state.toBytes());
    assertEquals("00000003" + "070809" + "8000000000000000", HexFormat.of().formatHex(bytes(serializer, state)));
    assertTrue(compare(serializer, written).isCompatibleAfterMigration());
  }

  @Test
  void aSnapshotNamesStructureWeightsAndPlanes() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.snapshotConfiguration().writeSnapshot(out);
    assertEquals("00000051" + "00000077" + "0005" + "5b6820355d", HexFormat.of().formatHex(out.getCopyOfBuffer()));
  }

  @Test
  void aLaterVersionIsRefused() throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.snapshotConfiguration().writeSnapshot(out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    assertTrue(assertThrows(FormatException.class, () -> new RillStateSnapshot().readSnapshot(3, in, null)).getMessage()
        .contains("version 3"));
  }

  @Test
  void otherWeightsAndStructuresGoByPolicy() throws IOException {
    TypeSerializerSnapshot<RillState> written = reread(serializer.snapshotConfiguration(), 2);
    assertTrue(compare(serializer, written).isCompatibleAsIs());
    for (Carry carry : Carry.values()) {
      RillStateSerializer weights = new RillStateSerializer(new StateFormat(0x51, 0x78, "[h 5]", carry));
      RillStateSerializer structure = new RillStateSerializer(new StateFormat(0x52, 0x78, "[h 6]", carry));
      if (carry == Carry.REFUSE) {
        assertThrows(StateException.class, () -> compare(weights, written));
      } else {
        assertTrue(compare(weights, written).isCompatibleAsIs());
      }
      if (carry == Carry.REFUSE || carry == Carry.KEEP) {
        String message = assertThrows(StateException.class, () -> compare(structure, written)).getMessage();
        assertTrue(message.contains("[h 5]") && message.contains("[h 6]"), message);
      } else {
        assertTrue(compare(structure, written).isCompatibleAsIs());
      }
      assertNotEquals(serializer, weights);
    }
  }

  private static TypeSerializerSchemaCompatibility<RillState> compare(RillStateSerializer next, TypeSerializerSnapshot<RillState> written) {
    return next.snapshotConfiguration().resolveSchemaCompatibility(written);
  }

  private static TypeSerializerSnapshot<RillState> reread(TypeSerializerSnapshot<RillState> snapshot, int version) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, snapshot);
    TypeSerializerSnapshot<RillState> read = TypeSerializerSnapshot.readVersionedSnapshot(new DataInputDeserializer(out.getCopyOfBuffer()),
        RillStateSerializerTest.class.getClassLoader());
    assertEquals(version, read.getCurrentVersion());
    return read;
  }
}
