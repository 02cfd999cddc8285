package dev.rill.kafka;

import dev.rill.tensor.RillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Gives each record its position, and knows which of them a stream has read. */
final class Fence {
  private Position last;

  /** To be called once for each record that reaches the processor, in their order. */
  Position next(Optional<RecordMetadata> metadata) {
    RecordMetadata source = metadata.orElseThrow(() -> new RillException(
        "a record without an offset, such as a punctuation forwards, cannot be told from its repetition: use exactly_once_v2, or "
        + "write these records to a topic first"));
    boolean again = last != null && last.offset() == source.offset() && last.partition() == source.partition()
        && last.topic().equals(source.topic());
    // One record may have become several before it came here, all of them with its offset.
    last = new Position(source.topic(), source.partition(), source.offset(), again ? last.ordinal() + 1 : 0);
    return last;
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
