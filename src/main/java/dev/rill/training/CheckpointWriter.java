package dev.rill.training;

import dev.rill.io.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** A {@link Checkpoint} to its file, block by block. */
final class CheckpointWriter {
  static final byte[] MAGIC = "RILLCKPT".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
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
    texts(checkpoint.structure());
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
    integer(states.length);
    bytes(states);
    flush();
    integer((int) crc.getValue());
    flush();
  }

  /** CRC-32C over the lines, as of a state's planes. */
  static int fingerprint(List<String> lines) {
    CRC32C crc = new CRC32C();
    for (String line : lines) {
      crc.update((line + '\n').getBytes(StandardCharsets.UTF_8));
    }
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
