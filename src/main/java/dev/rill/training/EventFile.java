package dev.rill.training;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard's events: records of TFRecord, each a message {@code Event} between masked check sums. A reader may follow
 * while it is written.
 */
final class EventFile implements Closeable {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;
  private static final int FLOAT = 1;
  private static final int DOUBLE = 2;
  private static final int STRING = 7;
  /** What a summary holds: one number, or a tensor. */
  private static final int SCALAR_DATA = 1;
  private static final int TENSOR_DATA = 2;
  /** As TensorFlow has it. */
  private static final int BUCKETS = 30;

  private final FileChannel channel;

  /**
   * Begins a file.
   *
   * @param seconds the time since 1970
   */
  EventFile(Path file, double seconds) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    write(new Protobuf().fixed(1, seconds).text(3, VERSION));
  }

  void scalar(String tag, double value, long step, double seconds) throws IOException {
    Protobuf tensor = new Protobuf().number(1, FLOAT).message(2, new Protobuf()).fixed(5, (float) value);
    summary(tag, "scalars", SCALAR_DATA, tensor, step, seconds);
  }

  void text(String tag, String value, long step, double seconds) throws IOException {
    Protobuf tensor = new Protobuf().number(1, STRING).message(2, new Protobuf()).text(8, value);
    summary(tag, "text", TENSOR_DATA, tensor, step, seconds);
  }

  /** Thirty buckets between the least and the greatest, each with its ends and how many values lie in it. */
  void histogram(String tag, float[] values, int at, int count, long step, double seconds) throws IOException {
    ByteBuffer rows = ByteBuffer.allocate(BUCKETS * 3 * 8).order(ByteOrder.LITTLE_ENDIAN);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int finite = 0;
    for (int i = at; i < at + count; i++) {
      if (Math.abs(values[i]) <= Float.MAX_VALUE) {
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
        finite++;
      }
    }
    long[] counts = new long[BUCKETS];
    double width = (high - low) / BUCKETS;
    for (int i = at; i < at + count; i++) {
      if (Math.abs(values[i]) <= Float.MAX_VALUE) {
        counts[width > 0 ? (int) Math.min(BUCKETS - 1, Math.floor((values[i] - low) / width)) : BUCKETS - 1]++;
      }
    }
    for (int b = 0; b < BUCKETS; b++) {
      double left = finite == 0 ? 0 : low + b * width;
      double right = finite == 0 ? 0 : b + 1 == BUCKETS ? high : low + (b + 1) * width;
      rows.putDouble(left).putDouble(right).putDouble(counts[b]);
    }
    Protobuf shape = new Protobuf().message(2, new Protobuf().number(1, BUCKETS)).message(2, new Protobuf().number(1, 3));
    summary(tag, "histograms", TENSOR_DATA, new Protobuf().number(1, DOUBLE).message(2, shape).bytes(4, rows.array()), step, seconds);
  }

  private void summary(String tag, String plugin, int data, Protobuf tensor, long step, double seconds) throws IOException {
    Protobuf metadata = new Protobuf().message(1, new Protobuf().text(1, plugin)).number(4, data);
    Protobuf value = new Protobuf().text(1, tag).message(8, tensor).message(9, metadata);
    write(new Protobuf().fixed(1, seconds).number(2, step).message(5, new Protobuf().message(1, value)));
  }

  private void write(Protobuf event) throws IOException {
    byte[] data = event.toBytes();
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length).putInt(masked(record.array(), 0, 8)).put(data).putInt(masked(data, 0, data.length)).flip();
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  /** CRC-32C, turned and shifted, so that a check sum of what holds check sums is none of its own. */
  private static int masked(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
