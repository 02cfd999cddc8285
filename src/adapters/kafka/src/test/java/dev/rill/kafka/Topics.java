package dev.rill.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What topics hold, as a consumer sees it that reads what is committed. */
final class Topics {
  private Topics() {}

  private static KafkaConsumer<String, byte[]> consumer(Broker broker) {
    return new KafkaConsumer<>(Map.of("bootstrap.servers", broker.address(), "isolation.level", "read_committed",
        "enable.auto.commit", "false"), new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  /** All records, in order in each partition. */
  static List<ConsumerRecord<String, byte[]>> read(Broker broker, String topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(broker)) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  /** The last value of each key; keys that were deleted are not there. */
  static Map<String, byte[]> last(Broker broker, String topic) {
    Map<String, byte[]> last = new HashMap<>();
    read(broker, topic).forEach(record -> {
      if (record.value() == null) {
        last.remove(record.key());
      } else {
        last.put(record.key(), record.value());
      }
    });
    return last;
  }

  static int number(ConsumerRecord<?, ?> record) {
    return ByteBuffer.wrap(record.headers().lastHeader(Feed.NUMBER).value()).getInt();
  }

  /** Writes a line to the topic of networks. */
  static void announce(Broker broker, String text) {
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.address()),
        new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("networks", "forecast", text));
    }
  }

  /** Leaves the last line in the topic of networks, as compaction does. */
  static void compactNetworks(Broker broker) throws Exception {
    try (Admin admin = broker.admin(); KafkaConsumer<String, byte[]> consumer = consumer(broker)) {
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      consumer.endOffsets(partitions(consumer, "networks")).forEach((part, end) -> all.put(part, RecordsToDelete.beforeOffset(end - 1)));
      admin.deleteRecords(all).all().get();
    }
  }

  /** Waits until an application has committed all that there is in a topic. */
  static void awaitCommitted(Broker broker, String application, String topic) throws Exception {
    try (Admin admin = broker.admin(); KafkaConsumer<String, byte[]> consumer = consumer(broker)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions(consumer, topic));
      Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
      for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(180); System.nanoTime() < until; Thread.sleep(100)) {
        committed = admin.listConsumerGroupOffsets(application).partitionsToOffsetAndMetadata().get();
        boolean all = true;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
          OffsetAndMetadata there = committed.get(end.getKey());
          all &= end.getValue() == 0 || there != null && there.offset() >= end.getValue();
        }
        if (all) {
          return;
        }
      }
      throw new AssertionError("not read: " + ends + ", but " + committed);
    }
  }
}
