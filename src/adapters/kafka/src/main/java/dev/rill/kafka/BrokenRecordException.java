package dev.rill.kafka;

import dev.rill.tensor.RillException;

/**
 * A record that cannot be stepped: it has no key, no inputs, a wrong number of them, or one that is not finite. It is thrown before
 * anything of its stream changes, and reaches the {@code processing.exception.handler} of Kafka Streams, which may drop the record or
 * write it to a dead letter queue, and resume.
 */
public final class BrokenRecordException extends RillException {
  private static final long serialVersionUID = 1L;

  BrokenRecordException(String message) {
    super(message);
  }
}
