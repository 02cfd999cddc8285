package dev.rill.kafka;

/**
 * Where a record stands.
 *
 * @param topic the topic it was read from
 * @param partition the partition of that topic
 * @param offset its offset there
 * @param ordinal which of the records that the topology made of it, from 0 on
 */
public record Position(String topic, int partition, long offset, int ordinal) {
  boolean sameSource(Position other) {
    return partition == other.partition && topic.equals(other.topic);
  }

  /** Whether this record was read before the other one of the same source, or is the same. */
  boolean notAfter(Position other) {
    return offset < other.offset || offset == other.offset && ordinal <= other.ordinal;
  }
}
