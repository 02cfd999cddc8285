package dev.rill.training;

import dev.rill.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** A {@link Checkpoint} to its file, block by block. */
final class CheckpointWriter {
  static final byte[] MAGIC = "RILLCKPT".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 2;
  /** What kind of value follows. */
  static final int NUMBERS = 0;
  static final int FLOATS = 1;
  static final int TEXT = 2;
  private static final int BLOCK = 1 << 16;

  private final AtomicFile file;
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();

  private CheckpointWriter(AtomicFile file) {
    this.file = file;
  }

  static void write(Path path, Checkpoint checkpoint) throws IOException {
    byte[] states = checkpoint.states() == null ? new byte[0] : checkpoint.states().toBytes();
    try (AtomicFile file = AtomicFile.create(path)) {
      CheckpointWriter writer = new CheckpointWriter(file);
      writer.write(checkpoint, states);
      file.commit();
    }
  }

  private void write(Checkpoint checkpoint, byte[] states) throws IOException {
    bytes(MAGIC);
    integer(VERSION);
    integer(fingerprint(checkpoint.structure()));
    List<String> lines = List.of(checkpoint.structure().split("\n", -1));
    texts(lines.subList(0, lines.size() - 1));
    text(checkpoint.slots().optimizer());
    texts(checkpoint.slots().names());
    Checkpoint.Counters counters = checkpoint.counters();
    integer(counters.epochs());
    longInteger(counters.iterations());
    integer(Float.floatToIntBits(counters.rate()));
    integer(Float.floatToIntBits(counters.product()));
    longInteger(counters.calls());
    longInteger(counters.seed());
    longInteger(checkpoint.weights().length);
    floats(checkpoint.weights());
    for (float[] slot : checkpoint.slots().values()) {
      floats(slot);
    }
    integer(checkpoint.memories().size());
    for (Checkpoint.Memory memory : checkpoint.memories()) {
      memory(memory);
    }
    integer(states.length);
    bytes(states);
    flush();
    integer((int) crc.getValue());
    flush();
  }

  private void memory(Checkpoint.Memory memory) throws IOException {
    text(memory.owner());
    integer(memory.state().values().size());
    for (Map.Entry<String, Object> entry : memory.state().values().entrySet()) {
      text(entry.getKey());
      if (entry.getValue() instanceof double[] numbers) {
        integer(NUMBERS);
        integer(numbers.length);
        for (double number : numbers) {
          longInteger(Double.doubleToLongBits(number));
        }
      } else if (entry.getValue() instanceof float[] floats) {
        integer(FLOATS);
        integer(floats.length);
        floats(floats);
      } else {
        integer(TEXT);
        text((String) entry.getValue());
      }
    }
  }

  /** CRC-32C over the lines, as of a state's planes. */
  static int fingerprint(String lines) {
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  private void room(int count) throws IOException {
    if (block.remaining() < count) {
      flush();
    }
  }

  private void flush() throws IOException {
    block.flip();
    crc.update(block);
    file.write(block.rewind());
    block.clear();
  }

  private void integer(int value) throws IOException {
    room(Integer.BYTES);
    block.putInt(value);
  }

  private void longInteger(long value) throws IOException {
    room(Long.BYTES);
    block.putLong(value);
  }

  private void bytes(byte[] values) throws IOException {
    for (int at = 0; at < values.length; ) {
      room(1);
      int count = Math.min(block.remaining(), values.length - at);
      block.put(values, at, count);
      at += count;
    }
  }

  private void text(String value) throws IOException {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    integer(utf8.length);
    bytes(utf8);
  }

  private void texts(List<String> values) throws IOException {
    integer(values.size());
    for (String value : values) {
      text(value);
    }
  }

  private void floats(float[] values) throws IOException {
    for (float value : values) {
      integer(Float.floatToIntBits(value));
    }
  }
}
