package dev.rill.kafka;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes records to topic {@code in}, each with its number in a header, until it is closed. By their timestamps they come every
 * millisecond, keys at random.
 */
final class Feed implements AutoCloseable {
  static final String NUMBER = "n";
  /** What some streams end after: one in twenty steps, with a hundred keys. */
  static final long IDLE = 300;
  private static final long BEGINNING = 1_700_000_000_000L;

  private final KafkaProducer<String, float[]> producer;
  private final int keys;
  private volatile boolean closed;
  private Thread thread;
  private int next;

  Feed(Broker broker, int keys) {
    this.keys = keys;
    producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.address(), "linger.ms", "5"), new StringSerializer(),
        Samples.floats().serializer());
  }

  private String key(int number) {
    int mixed = (number ^ number >>> 15) * 0x2c1b3c6d;
    mixed = (mixed ^ mixed >>> 12) * 0x297a2d39;
    return "key " + Integer.remainderUnsigned(mixed ^ mixed >>> 15, keys);
  }

  /** Writes some more; every fifth has several steps. */
  void write(int count) {
    for (int end = next + count; next < end; next++) {
      String key = key(next);
      ProducerRecord<String, float[]> record = new ProducerRecord<>("in", null, BEGINNING + next, key, Samples.x(key, next, next % 5 == 0 ? 3 : 1));
      record.headers().add(NUMBER, ByteBuffer.allocate(4).putInt(next).array());
      producer.send(record);
    }
    producer.flush();
  }

  /** Writes on and on from a thread of its own, some thousand a second. */
  Feed run(int aTime) {
    thread = new Thread(() -> {
      while (!closed) {
        write(aTime);
        try {
          Thread.sleep(10);
        } catch (InterruptedException e) {
          return;
        }
      }
    });
    thread.start();
    return this;
  }

  /** Writes no more; all that was written is there. */
  void end() {
    closed = true;
    if (thread != null) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
    producer.close();
  }

  @Override
  public void close() {
    end();
  }
}
