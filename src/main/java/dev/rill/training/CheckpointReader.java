package dev.rill.training;

import dev.rill.io.ByteSource;
import dev.rill.io.HeapRoom;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** A file to the {@link Checkpoint} in it: its check sum first, then its content, every size held against what is left. */
final class CheckpointReader {
  private static final int BLOCK = 1 << 16;

  private final ByteSource file;
  /** Where the check sum stands. */
  private final long end;
  private long at;

  private CheckpointReader(ByteSource file) {
    this.file = file;
    end = file.size() - Integer.BYTES;
  }

  static Checkpoint read(Path path) throws IOException {
    try (ByteSource file = ByteSource.open(path)) {
      return read(file, path.getFileName().toString());
    }
  }

  static Checkpoint read(ByteSource file, String name) throws IOException {
    CheckpointReader reader = new CheckpointReader(file);
    reader.checkHead(name);
    reader.checkSum();
    return reader.checkpoint();
  }

  private void checkHead(String name) throws IOException {
    int magic = CheckpointWriter.MAGIC.length;
    if (end < magic + Integer.BYTES || !Arrays.equals(CheckpointWriter.MAGIC, bytes(magic))) {
      throw new FormatException("the file " + name + " is not a checkpoint of Rill: expected the magic RILLCKPT");
    }
    int version = integer();
    if (version != CheckpointWriter.VERSION) {
      throw new FormatException("the checkpoint has version " + version + "; this Rill reads version "
          + CheckpointWriter.VERSION);
    }
  }

  private void checkSum() throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    for (long from = 0; from < end; from += BLOCK) {
      block.clear().limit((int) Math.min(BLOCK, end - from));
      file.read(from, block);
      crc.update(block.flip());
    }
    if (file.read(end, Integer.BYTES).getInt() != (int) crc.getValue()) {
      throw new FormatException("the checkpoint is damaged: its CRC-32C does not match");
    }
  }

  private Checkpoint checkpoint() throws IOException {
    int fingerprint = integer();
    List<String> structure = texts();
    if (fingerprint != CheckpointWriter.fingerprint(structure)) {
      throw new FormatException("the checkpoint is inconsistent: its fingerprint is not that of its layers");
    }
    String optimizer = text();
    List<String> names = texts();
    Checkpoint.Counters counters = new Checkpoint.Counters(integer(), longInteger(), real(), real(), longInteger(),
        longInteger());
    if (counters.epochs() < 0 || counters.iterations() < 0 || !(counters.rate() >= 0) || counters.calls() < 0) {
      throw new FormatException("the checkpoint is inconsistent: it counts " + counters);
    }
    long size = longInteger();
    float[] weights = floats(size);
    float[][] slots = new float[names.size()][];
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = floats(size);
    }
    int length = integer();
    State states = length == 0 ? null : State.fromBytes(bytes(length));
    if (at != end) {
      throw new FormatException("the checkpoint is inconsistent: " + (end - at) + " bytes follow its states");
    }
    return new Checkpoint(structure, counters, weights, new Checkpoint.Slots(optimizer, names, slots), states);
  }

  /** The next bytes, which must be there before memory is taken for them. */
  private ByteBuffer next(long count) throws IOException {
    if (count < 0 || count > end - at) {
      throw new FormatException("the checkpoint claims " + count + " bytes, " + (end - at) + " are left");
    }
    ByteBuffer bytes = ByteBuffer.wrap(HeapRoom.bytes(count, "a piece of a checkpoint")).order(ByteOrder.LITTLE_ENDIAN);
    file.read(at, bytes);
    at += count;
    return bytes.flip();
  }

  private int integer() throws IOException {
    return next(Integer.BYTES).getInt();
  }

  private long longInteger() throws IOException {
    return next(Long.BYTES).getLong();
  }

  private float real() throws IOException {
    return Float.intBitsToFloat(integer());
  }

  private byte[] bytes(int count) throws IOException {
    return next(count).array();
  }

  private String text() throws IOException {
    return new String(bytes(integer()), StandardCharsets.UTF_8);
  }

  private List<String> texts() throws IOException {
    int count = integer();
    // Each takes the four bytes of its length at the least.
    if (count < 0 || count > (end - at) / Integer.BYTES) {
      throw new FormatException("the checkpoint claims " + count + " texts, " + (end - at) + " bytes are left");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private float[] floats(long count) throws IOException {
    if (count < 0 || count > (end - at) / Float.BYTES) {
      throw new FormatException("the checkpoint claims " + count + " floats, " + (end - at) + " bytes are left");
    }
    float[] values = HeapRoom.floats(count, "a part of a checkpoint");
    for (int from = 0; from < values.length; from += BLOCK) {
      int piece = Math.min(BLOCK, values.length - from);
      next((long) Float.BYTES * piece).asFloatBuffer().get(values, from, piece);
    }
    return values;
  }
}
