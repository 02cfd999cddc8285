package dev.rill.serving;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A snapshot that was written: streams by key in a file. Each stream is in it as it was at some moment while the snapshot was taken.
 *
 * <p>Little-endian. Header: magic {@code RILLPOOL}; int version 1; int structure fingerprint; int input features; long id; long id of
 * the snapshot that it goes on from, or 0; int CRC-32C of all before. Then parts: int kind; int length of the content in bytes; the
 * content; int CRC-32C of kind, length and content. Kind 1 holds streams: int length and bytes of the key, int length and bytes of
 * {@link StreamPool#save}, one after the other. Kind 2, in files that go on from another, holds the keys of streams that have not
 * changed and are still there: int length and bytes each. Kind 3 ends the file: long number of streams, long number of keys.
 *
 * @param file where it is
 * @param streams in the file; beside a store, one that came back from there while the file was written may count more than once
 * @param bytes of the file
 * @param elapsed how long it took
 * @param mark what the next snapshot goes on from
 */
public record Snapshot(Path file, long streams, long bytes, Duration elapsed, Mark mark) {

  /** Where a snapshot ended: what has changed since can be written alone. Good for the pool or batcher that it came from. */
  public static final class Mark {
    final long id;
    /** The epoch of each pool that the snapshot ended. */
    final int[] epochs;

    Mark(long id, int[] epochs) {
      this.id = id;
      this.epochs = epochs;
    }

    /** Returns the snapshot's number. */
    @Override
    public String toString() {
      return "Mark of snapshot " + Long.toHexString(id);
    }
  }
}
