package dev.rill.serving;

import dev.rill.events.Events;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.Require;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads a chain of snapshots twice: first to check every byte, then to take the streams in. */
final class SnapshotRestore<K> {
  private final KeyCodec<? extends K> codec;
  private final Carry carry;
  private final Function<? super K, ? extends GuardedPool<K>> home;
  /** The streams that are still there at the end of the chain. */
  private final Set<K> alive = new HashSet<>();
  private final Map<GuardedPool<K>, Integer> counts = new HashMap<>();

  private SnapshotRestore(KeyCodec<? extends K> codec, Carry carry, Function<? super K, ? extends GuardedPool<K>> home) {
    this.codec = codec;
    this.carry = carry;
    this.home = home;
  }

  static <K> long restore(List<Path> files, KeyCodec<? extends K> codec, Carry carry,
      Function<? super K, ? extends GuardedPool<K>> home, List<? extends GuardedPool<K>> pools) throws IOException {
    Require.given(codec, "the codec of the keys");
    Require.given(carry, "what becomes of states of other weights");
    if (Require.all(files, "the files of a snapshot").isEmpty()) {
      throw new StateException("no file to restore: expected at least one");
    }
    long begin = System.nanoTime();
    SnapshotRestore<K> restore = new SnapshotRestore<>(codec, carry, home);
    List<SnapshotReader> readers = new ArrayList<>();
    try {
      for (Path file : files) {
        readers.add(new SnapshotReader(file));
      }
      restore.check(readers, pools);
      long streams = restore.load(readers);
      Events.create().restore(streams, files.size(), System.nanoTime() - begin);
      return streams;
    } finally {
      for (SnapshotReader reader : readers) {
        reader.close();
      }
    }
  }

  /** Refuses what cannot be taken in. */
  private void check(List<SnapshotReader> readers, List<? extends GuardedPool<K>> pools) throws IOException {
    long before = 0;
    for (SnapshotReader reader : readers) {
      if (reader.since() != before) {
        throw new FormatException(reader.file() + (before == 0 ? " goes on from another snapshot: expected one of everything first"
            : " does not go on from the snapshot before it"));
      }
      before = reader.id();
    }
    for (int i = readers.size() - 1; i >= 0; i--) {
      boolean last = i == readers.size() - 1;
      readers.get(i).read(new SnapshotReader.Entries() {
        @Override
        public void stream(byte[] key, byte[] bytes, int from, int length) {
          K of = key(key);
          check(of, bytes, from, length);
          if (last) {
            needsRow(of);
          }
        }

        @Override
        public void unchanged(byte[] key) {
          if (last) {
            needsRow(key(key));
          }
        }
      });
    }
    for (GuardedPool<K> guarded : pools) {
      StreamPool<K> pool = guarded.pool();
      int count = counts.getOrDefault(guarded, 0);
      if (!pool.hasStore() && count > pool.maxStreams() - pool.size()) {
        throw new StateException("the snapshot has " + count + " more streams for a pool of " + pool.maxStreams() + " that has "
            + pool.size() + " already: raise maxStreams");
      }
    }
  }

  private void check(K key, byte[] bytes, int from, int length) {
    GuardedPool<K> guarded = home.apply(key);
    guarded.lock();
    try {
      if (guarded.pool().check(bytes, from, carry) != from + length) {
        throw new FormatException("the stream of key " + key + " has " + length + " bytes, and ends otherwise");
      }
    } finally {
      guarded.unlock();
    }
  }

  private K key(byte[] bytes) {
    return Require.given(codec.fromBytes(bytes), "what the codec makes of the bytes of a key");
  }

  /** Counts a stream, once: one that came back from a store while the snapshot was written stands in it twice. */
  private void needsRow(K key) {
    if (!alive.add(key)) {
      return;
    }
    GuardedPool<K> guarded = home.apply(key);
    guarded.lock();
    try {
      counts.merge(guarded, guarded.pool().contains(key) ? 0 : 1, Integer::sum);
    } finally {
      guarded.unlock();
    }
  }

  private long load(List<SnapshotReader> readers) throws IOException {
    for (SnapshotReader reader : readers) {
      reader.read((key, bytes, from, length) -> load(key(key), bytes, from));
    }
    return alive.size();
  }

  /** Takes a stream in, unless it has ended since or the store has it, where it is newer. */
  private void load(K key, byte[] bytes, int from) {
    if (!alive.contains(key)) {
      return;
    }
    GuardedPool<K> guarded = home.apply(key);
    guarded.lock();
    try {
      if (guarded.pool().isStored(key)) {
        alive.remove(key);
      } else {
        guarded.pool().load(key, bytes, from, carry);
      }
    } finally {
      guarded.unlock();
    }
  }
}
