/**
 * A recurrent state per key in a Kafka Streams topology: {@link dev.rill.kafka.RecurrentSupplier} is what {@code processValues} takes.
 */
package dev.rill.kafka;
