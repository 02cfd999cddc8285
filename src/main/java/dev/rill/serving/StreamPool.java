package dev.rill.serving;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.events.Events;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Streams by key: a row of one session for each. A stream begins at zero when its key first comes; there is nothing to announce. For
 * one thread at a time, without a lock or a clock of its own; a step allocates nothing, that of a new stream included.
 *
 * <p>All memory is taken at once: {@link Network#stateBytes} of {@code maxStreams}, and some 60 to 70 bytes a stream.
 *
 * <pre>{@code
 * StreamPool<String> pool = StreamPool.of(network, 100_000);
 * boolean begun = pool.step("customer 17", x, y);
 * }</pre>
 *
 * @param <K> class of keys, with equals and hashCode
 */
public final class StreamPool<K> extends BatchRows<K> {
  private final int maxStreams;
  private final StreamRows<K> rows;
  private final RowStates states;
  private final PoolCallbacks<K> callbacks = new PoolCallbacks<>();
  private Events events = Events.NONE;
  private Carry storeCarry = Carry.REFUSE;
  private byte[] bytes;
  private final int[] one = new int[1];
  private int[] several = {};
  /** Rows that began in the call under way, as marks in {@link #several}; undone if it fails. */
  private boolean[] begun = {};

  private StreamPool(Network network, int maxStreams) {
    this.maxStreams = maxStreams;
    states = new RowStates(Require.given(network, "the network"), maxStreams);
    rows = new StreamRows<>(maxStreams);
    bytes = new byte[maxBytes()];
  }

  /**
   * A pool without streams.
   *
   * @param <K> class of keys
   * @param network what steps them, of one input and one output
   * @param maxStreams how many there may be at the same time, at least 1
   * @return a pool for one thread at a time
   * @throws StateException if the model cannot be streamed
   * @throws ShapeException if the number is too small, or the model has several inputs or outputs
   */
  public static <K> StreamPool<K> of(Network network, int maxStreams) {
    Require.atLeast(maxStreams, 1, "streams of a pool");
    return new StreamPool<>(network, maxStreams);
  }

  /**
   * Keeps the last inputs of each stream, for {@link Carry#REPLAY}. To be said before the first stream.
   *
   * @param most how many of each, 0 for none
   * @return this pool
   * @throws StateException if there are streams
   */
  public StreamPool<K> keepInputs(int most) {
    if (rows.size() > 0) {
      throw new StateException("inputs are kept from the first on: say so while the pool is empty, it has " + rows.size() + " streams");
    }
    states.keepInputs(Require.atLeast(most, 0, "inputs to keep"));
    bytes = new byte[maxBytes()];
    return this;
  }

  /**
   * Gives the pool a store: streams that expire go there, and the longest unused one if the pool is full; they come back when their
   * keys do.
   *
   * @param where the store, or null for none
   * @param carry what to do with stored states of other weights
   * @return this pool
   */
  public StreamPool<K> store(StreamStore<K> where, Carry carry) {
    callbacks.checkReturned();
    states.checkReplay(carry);
    callbacks.use(where);
    storeCarry = carry;
    return this;
  }

  /**
   * Tells the pool the time, which uses from now on are marked with; the pool has no clock of its own.
   *
   * @param nanos of any clock that does not go back
   */
  @Override
  public void now(long nanos) {
    rows.now(nanos);
  }

  /**
   * One time step of one stream, which begins if it is new.
   *
   * @param key the stream's key
   * @param x input, [in]
   * @param y output, [out]
   * @return true if the stream was new
   * @throws ShapeException if an array is too short
   * @throws StateException if the stream is new and the pool is full
   */
  public boolean step(K key, float[] x, float[] y) {
    return run(key, 1, x, y);
  }

  /**
   * Some time steps of one stream, which begins if it is new.
   *
   * @param key the stream's key
   * @param steps how many
   * @param x inputs, [steps][in]
   * @param y outputs, [steps][out], or [out] if the model returns the last step only
   * @return true if the stream was new
   * @throws ShapeException if an array is too short
   * @throws StateException if the stream is new and the pool is full
   */
  public boolean run(K key, int steps, float[] x, float[] y) {
    callbacks.checkReturned();
    int row = findOrBring(key, 0);
    boolean isNew = row < 0;
    if (isNew) {
      row = begin(key, 0);
    }
    rows.used(row);
    states.renew(row);
    one[0] = row;
    boolean done = false;
    try {
      states.run(one, steps, x, y);
      done = true;
    } finally {
      if (!done && isNew) {
        rows.remove(row);
      }
    }
    rows.stepped(row, steps);
    return isNew;
  }

  /**
   * One time step of several streams in one batch; those that are new begin.
   *
   * @param keys keys of different streams
   * @param n how many of them count
   * @param packedX inputs, [n][in], in the order of the keys
   * @param packedY outputs, [n][out], in the order of the keys
   * @throws ShapeException if an array is too short, or a key is given twice
   * @throws StateException if a stream is new and the pool is full
   */
  @Override
  public void step(K[] keys, int n, float[] packedX, float[] packedY) {
    callbacks.checkReturned();
    Require.count(n, Require.given(keys, "the keys").length, "the number of keys");
    if (several.length < n) {
      several = new int[n];
      begun = new boolean[n];
    }
    int found = 0;
    boolean done = false;
    try {
      for (; found < n; found++) {
        several[found] = findOrBring(keys[found], found);
        begun[found] = several[found] < 0;
        if (begun[found]) {
          several[found] = begin(keys[found], found);
        }
        rows.used(several[found]);
        states.renew(several[found]);
      }
      states.step(several, n, packedX, packedY);
      done = true;
    } finally {
      for (int i = 0; i < found && !done; i++) {
        if (begun[i]) {
          rows.remove(several[i]);
        }
      }
    }
    for (int i = 0; i < n; i++) {
      rows.stepped(several[i], 1);
    }
  }

  private int find(K key) {
    return rows.find(Require.given(key, "the key of a stream"));
  }

  /** A new stream, at zero. */
  private int begin(K key, int used) {
    makeRoom(used);
    int row = rows.add(key);
    states.begin(row);
    return row;
  }

  /** A stream in memory, where one in the store is brought to, or -1. */
  private int findOrBring(K key, int used) {
    int row = find(key);
    int length = row >= 0 || !callbacks.hasStore() ? -1 : callbacks.get(key, bytes);
    if (length < 0) {
      return row;
    }
    // Room may need the same bytes.
    byte[] stored = Arrays.copyOf(bytes, length);
    states.check(stored, 0, storeCarry);
    makeRoom(used);
    row = rows.add(key);
    states.load(row, stored, 0, storeCarry);
    callbacks.remove(key);
    return row;
  }

  /** Sends the longest unused stream to the store if the pool is full; none of those that the call under way has used. */
  private void makeRoom(int used) {
    if (!rows.isFull()) {
      return;
    }
    int row = rows.longestUnused();
    if (!callbacks.hasStore() || rows.size() <= used) {
      throw new StateException("the pool is full: it has " + maxStreams + " streams (each shard of a batcher has a pool for its share); "
          + "end some, let idle ones expire, or give it a store");
    }
    callbacks.put(rows.key(row), bytes, saveRow(row, bytes, 0));
    remove(row, "stored");
  }

  /**
   * Ends a stream: its state is forgotten, and its key would begin at zero again.
   *
   * @param key the stream's key
   * @return false if there was no such stream
   */
  public boolean end(K key) {
    callbacks.checkReturned();
    int row = find(key);
    boolean stored = row < 0 && isStored(key);
    if (row >= 0) {
      remove(row, "ended");
    } else if (stored) {
      callbacks.remove(key);
    }
    return row >= 0 || stored;
  }

  /** Ends a stream, in memory or in the store. */
  @Override
  State take(K key) {
    callbacks.checkReturned();
    int row = findOrBring(key, 0);
    if (row < 0) {
      return null;
    }
    State state = states.get(row);
    remove(row, "ended");
    return state;
  }

  private void remove(int row, String cause) {
    events = events.current();
    events.streamEnd(cause, KeyTable.hash(rows.key(row)), rows.age(row), rows.steps(row));
    rows.remove(row);
  }

  /**
   * How many streams there are in memory. Any thread may ask; another than the pool's may be told what held a moment ago.
   *
   * @return at most {@link #maxStreams()}
   */
  @Override
  public int size() {
    return rows.size();
  }

  /**
   * How many streams there may be at the same time.
   *
   * @return as it was made
   */
  @Override
  public int maxStreams() {
    return maxStreams;
  }

  /**
   * What steps the streams.
   *
   * @return the network
   */
  @Override
  public Network network() {
    return states.network();
  }

  /**
   * Whether there is a stream in memory.
   *
   * @param key its key
   * @return false if it is in the store or nowhere
   */
  public boolean contains(K key) {
    return find(key) >= 0;
  }

  /**
   * A stream's state as a value.
   *
   * @param key the stream's key
   * @return a state of one row, or null if there is no such stream in memory
   */
  public State state(K key) {
    int row = find(key);
    return row < 0 ? null : states.get(row);
  }

  /**
   * Most bytes that {@link #save} writes.
   *
   * @return bytes of a stream
   */
  public int maxBytes() {
    return states.maxBytes();
  }

  /**
   * Writes a stream down, its kept inputs included; allocates nothing. The bytes are int number of bytes of
   * the row, the row as {@link Session#save} writes it, int number and int features of kept inputs, and these as floats, oldest first;
   * all little-endian.
   *
   * @param key the stream's key
   * @param to the bytes
   * @param at position of the first one
   * @return the position behind the last one, or -1 if there is no such stream in memory
   * @throws ShapeException if there is no room for {@link #maxBytes()}
   */
  public int save(K key, byte[] to, int at) {
    int row = find(key);
    return row < 0 ? -1 : saveRow(row, to, at);
  }

  int saveRow(int row, byte[] to, int at) {
    return states.save(row, to, at);
  }

  /**
   * Takes in what {@link #save} wrote, in place of what the key has; allocates nothing.
   *
   * @param key the stream's key
   * @param from the bytes
   * @param at position of the first one
   * @param carry what to do if other weights wrote it
   * @return the position behind the last one
   * @throws StateException if that is refused, the structure differs, or the pool is full
   */
  public int load(K key, byte[] from, int at, Carry carry) {
    callbacks.checkReturned();
    int end = states.check(from, at, carry);
    int row = find(key);
    if (row < 0) {
      makeRoom(0);
      row = rows.add(key);
      if (callbacks.hasStore()) {
        callbacks.remove(key);
      }
    }
    states.load(row, from, at, carry);
    rows.changed(row);
    return end;
  }

  /** Refuses what {@link #load} cannot take; returns the position behind it. */
  int check(byte[] from, int at, Carry carry) {
    return states.check(from, at, carry);
  }

  /**
   * Removes the streams that have not been used for some time, the longest unused first; allocates nothing. They go to the sink, and
   * to the store if there is one.
   *
   * @param now the time, by the same clock as {@link #now}
   * @param idleNanos a stream that was not used for so long is removed
   * @param sink takes their states; may be null if there is a store, or if they may be forgotten
   * @return how many
   */
  @Override
  public int expire(long now, long idleNanos, Eviction<? super K> sink) {
    callbacks.checkReturned();
    rows.now(now);
    int count = 0;
    for (int row = rows.longestUnused(); row >= 0 && now - rows.usedAt(row) >= idleNanos; row = rows.longestUnused()) {
      if (sink != null || callbacks.hasStore()) {
        callbacks.handOut(rows.key(row), bytes, saveRow(row, bytes, 0), sink);
      }
      remove(row, "idle");
      count++;
    }
    return count;
  }

  /**
   * Gives the streams other weights. Takes no time for each stream: states stay where they are, and those that begin anew do so when
   * they are next used.
   *
   * @param next the other network, with inputs and outputs of the same width
   * @param carry what becomes of the states; {@link Carry#REFUSE} refuses other weights if there are streams
   * @throws ShapeException if inputs or outputs differ
   * @throws StateException if the structure differs and states are to be kept, or that is refused; nothing has changed then
   */
  public void swap(Network next, Carry carry) {
    prepareSwap(next, carry).run();
  }

  @Override
  Runnable prepareSwap(Network next, Carry carry) {
    callbacks.checkReturned();
    Session prepared = states.prepareSwap(next, carry, size());
    // What the store has may be of the network before.
    int needed = maxBytes() - network().rowBytes() + next.rowBytes();
    byte[] room = bytes.length < needed ? new byte[needed] : bytes;
    return () -> {
      if (states.swap(next, prepared, carry)) {
        rows.allChanged();
      }
      bytes = room;
    };
  }

  /**
   * Writes all streams to a file, or those that have changed since another snapshot. The file appears whole or not at all.
   *
   * @param file where; what is there stays until all is written
   * @param codec for the keys
   * @param since what to go on from, or null for everything
   * @return what was written
   * @throws IOException if writing fails
   */
  public Snapshot snapshot(Path file, KeyCodec<? super K> codec, Snapshot.Mark since) throws IOException {
    return SnapshotWriter.write(GuardedPool.alone(this), file, codec, since);
  }

  /**
   * Takes in the streams of a snapshot, and of those that go on from it; streams of other keys stay. Streams that the store has are
   * newer there, and are left out.
   *
   * @param files the snapshot of everything, then those that go on from it, in order
   * @param codec for the keys
   * @param carry what to do with states of other weights
   * @return how many streams
   * @throws IOException if reading fails
   * @throws dev.rill.tensor.FormatException if a file is damaged, or does not go on from the one before; nothing has changed then
   * @throws StateException if the states do not fit, or there is no room for them; nothing has changed then
   */
  public long restore(List<Path> files, KeyCodec<? extends K> codec, Carry carry) throws IOException {
    GuardedPool<K>[] only = GuardedPool.alone(this);
    return SnapshotRestore.restore(files, codec, carry, key -> only[0], List.of(only));
  }

  boolean isStored(K key) {
    return callbacks.hasStore() && callbacks.get(key, bytes) >= 0;
  }

  /** Returns how many streams there are, and what steps them. */
  @Override
  public String toString() {
    return "StreamPool of " + size() + " streams, at most " + maxStreams + ", on " + network();
  }

  boolean hasStore() {
    return callbacks.hasStore();
  }

  StreamRows<K> rows() {
    return rows;
  }
}
