package dev.rill.kafka;

import dev.rill.tensor.RillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Gives each record its position, and knows which of them a stream has read. */
final class Fence {
  private Position last;
  private long began;

  /**
   * To be called once for each record that reaches the processor, in their order.
   *
   * @param metadata where the record comes from
   * @param attempt when Kafka began with that, as the context says: another time if it tries it again in the same task, as it does when
   *     another step of the topology has waited for the broker in vain
   */
  Position next(Optional<RecordMetadata> metadata, long attempt) {
    RecordMetadata source = source(metadata).orElseThrow(() -> new RillException(
        "a record without an offset, such as a punctuation forwards, cannot be told from its repetition: use exactly_once_v2, or "
        + "write these records to a topic first"));
    boolean same = last != null && began == attempt && last.offset() == source.offset() && last.partition() == source.partition()
        && last.topic().equals(source.topic());
    // One record may have become several before it came here, all of them with its offset.
    last = new Position(source.topic(), source.partition(), source.offset(), same ? last.ordinal() + 1 : 0);
    began = attempt;
    return last;
  }

  /** Where a record comes from; nothing for one that a punctuation forwards, of which Kafka says that it has no topic. */
  static Optional<RecordMetadata> source(Optional<RecordMetadata> metadata) {
    return metadata.filter(from -> from.topic() != null);
  }

  static boolean hasRead(List<Position> read, Position position) {
    for (Position one : read) {
      if (one.sameSource(position)) {
        return position.notAfter(one);
      }
    }
    return false;
  }

  static List<Position> with(List<Position> read, Position position) {
    List<Position> all = new ArrayList<>(read.size() + 1);
    for (Position one : read) {
      if (!one.sameSource(position)) {
        all.add(one);
      }
    }
    all.add(position);
    return all;
  }
}
