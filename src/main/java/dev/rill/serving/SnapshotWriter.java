package dev.rill.serving;

import dev.rill.events.Events;
import dev.rill.io.AtomicFile;
import dev.rill.tensor.Require;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes the streams of some pools to a file without stopping them: a few rows are copied between two batches, then written while the
 * pool goes on, and so forth.
 */
final class SnapshotWriter<K> {
  /** Copied between two batches: some tens of microseconds. */
  private static final int CHUNK_BYTES = 1 << 16;
  private static final int CHUNK_ROWS = 256;
  /** An epoch before all. */
  private static final int NEVER = 0;
  static final int MOST_ROUNDS = 10;
  /** Of a chunk's time, for which the processor is left to requests; where processors are few, they would wait for one otherwise. */
  private static final int REST = 3;
  private static final long MOST_REST_NANOS = 1_000_000;

  private final KeyCodec<? super K> codec;
  private final int[] since;
  private final Object[] keys = new Object[CHUNK_ROWS];
  /** Length of each row's bytes; 0 for one that has not changed. */
  private final int[] lengths = new int[CHUNK_ROWS];
  private byte[] states = {};
  /** The next to be copied. */
  private int row;
  /** Streams that have been copied and wait to be written. */
  private int count;
  private SnapshotParts out;
  private SnapshotParts unchanged;
  private long streams;
  private long stillThere;

  private SnapshotWriter(KeyCodec<? super K> codec, int[] since) {
    this.codec = codec;
    this.since = since;
  }

  /** Writes all that has changed since a mark, or everything if that is null. */
  static <K> Snapshot write(GuardedPool<K>[] pools, Path path, KeyCodec<? super K> codec, Snapshot.Mark since) throws IOException {
    Require.given(codec, "the codec of the keys");
    if (since != null && since.epochs.length != pools.length) {
      throw new StateException("the mark is that of a snapshot of " + since.epochs.length + " shards, there are " + pools.length
          + ": begin with a snapshot of everything");
    }
    long begin = System.nanoTime();
    int[] epochs = new int[pools.length];
    // Never 0, which stands for none.
    Snapshot.Mark mark = new Snapshot.Mark(UUID.randomUUID().getMostSignificantBits() | 1, epochs);
    SnapshotWriter<K> writer = new SnapshotWriter<>(codec, since == null ? null : since.epochs);
    try (AtomicFile file = AtomicFile.create(Require.given(path, "the file"))) {
      writer.out = new SnapshotParts(file);
      writer.unchanged = new SnapshotParts(file);
      StreamPool<K> first = pools[0].pool();
      writer.out.header(first.network().structureFingerprint(), first.network().inputFeatures(0), mark.id, since == null ? 0 : since.id);
      for (int p = 0; p < pools.length; p++) {
        epochs[p] = writer.pool(pools[p], p);
      }
      writer.out.end(writer.streams, writer.stillThere);
      file.commit();
      long elapsed = System.nanoTime() - begin;
      Events.create().snapshot(writer.streams, file.size(), since != null, elapsed);
      return new Snapshot(path, writer.streams, file.size(), Duration.ofNanos(elapsed), mark);
    }
  }

  /** Writes one pool; returns the epoch that this has ended. */
  private int pool(GuardedPool<K> guarded, int index) throws IOException {
    int ended = nextEpoch(guarded);
    rows(guarded, since == null ? NEVER : since[index], NEVER);
    // Streams that went to the store and came back meanwhile, to rows that had been passed.
    int came = ended;
    boolean more = guarded.pool().hasStore();
    for (int round = 0; round < MOST_ROUNDS && more; round++) {
      int next = nextEpoch(guarded);
      more = rows(guarded, NEVER, came) > 0;
      came = next;
    }
    if (more) {
      // They come faster than they are written.
      guarded.lock();
      try {
        rows(guarded, NEVER, came);
      } finally {
        guarded.unlock();
      }
    }
    return ended;
  }

  private int nextEpoch(GuardedPool<K> guarded) {
    guarded.lock();
    try {
      return guarded.pool().rows().nextEpoch();
    } finally {
      guarded.unlock();
    }
  }

  /** Writes the rows that came after one epoch, and of them the states that changed after another; returns how many. */
  private int rows(GuardedPool<K> guarded, int changedAfter, int cameAfter) throws IOException {
    Runnable copy = () -> copy(guarded.pool(), changedAfter, cameAfter);
    int written = 0;
    row = 0;
    while (row < guarded.pool().maxStreams()) {
      long answered = guarded.answered();
      long begin = System.nanoTime();
      guarded.inside(copy);
      encode();
      written += count;
      if (guarded.answered() != answered) {
        LockSupport.parkNanos(Math.min(MOST_REST_NANOS, REST * (System.nanoTime() - begin)));
      }
    }
    return written;
  }

  /** Copies some rows, inside the pool, and counts the streams there. */
  private void copy(StreamPool<K> pool, int changedAfter, int cameAfter) {
    int most = Math.max(1, Math.min(CHUNK_ROWS, CHUNK_BYTES / pool.maxBytes()));
    // Of other weights now, a row may be longer.
    if (states.length < most * pool.maxBytes()) {
      states = new byte[most * pool.maxBytes()];
    }
    StreamRows<K> rows = pool.rows();
    count = 0;
    int at = 0;
    for (int to = Math.min(pool.maxStreams(), row + most); row < to; row++) {
      K key = rows.key(row);
      if (key != null && rows.cameAfter(row, cameAfter)) {
        int end = rows.changedAfter(row, changedAfter) ? pool.saveRow(row, states, at) : at;
        keys[count] = key;
        lengths[count++] = end - at;
        at = end;
      }
    }
  }

  private void encode() throws IOException {
    int at = 0;
    for (int i = 0; i < count; i++) {
      @SuppressWarnings("unchecked")
      byte[] key = Require.given(codec.toBytes((K) keys[i]), "what the codec makes of a key");
      SnapshotParts to = lengths[i] == 0 ? unchanged : out;
      to.add(key, 0, key.length);
      if (lengths[i] > 0) {
        out.add(states, at, lengths[i]);
        at += lengths[i];
        streams++;
      } else {
        stillThere++;
      }
      keys[i] = null;
    }
    if (!out.isEmpty()) {
      out.end(SnapshotParts.STREAMS);
    }
    if (!unchanged.isEmpty()) {
      unchanged.end(SnapshotParts.KEYS);
    }
  }
}
