package dev.rill.serving;

import dev.rill.Network;
import dev.rill.WarmUp;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.time.Duration;

/**
 * What a {@link SequenceBatcher} is to be.
 *
 * @param <K> class of keys
 */
public final class BatcherBuilder<K> {
  private static final int MOST_SHARDS = 1 << 10;
  private static final int MOST_ROWS = 1 << 16;
  private static final int MOST_REQUESTS = 1 << 24;

  private final Network network;
  private String name = "rill-serving";
  private int shards = 1;
  private int maxStreams = 10_000;
  private int maxBatch = 32;
  private Duration maxDelay = Duration.ZERO;
  private boolean callerSteps = true;
  private int queueCapacity = 1024;
  private WhenFull whenFull = WhenFull.REJECT;
  private int mostOfAKey;
  private Duration timeout = Duration.ZERO;
  private Duration idle = Duration.ZERO;
  private Eviction<? super K> sink;
  private StreamStore<K> store;
  private Carry storeCarry = Carry.KEEP;
  private int keptInputs;
  private Duration warmUp;
  private int window;

  BatcherBuilder(Network network) {
    this.network = Require.given(network, "the network");
  }

  /**
   * Sets the name of the worker threads, to which a number is added.
   *
   * @param threads the name; {@code rill-serving} by default
   * @return this
   */
  public BatcherBuilder<K> name(String threads) {
    name = Require.given(threads, "the name of the threads");
    return this;
  }

  /**
   * Sets the number of shards: parts of the keys, each with a thread, a pool and a queue.
   *
   * @param count at least 1, which is the default; as many as there are cores for this work
   * @return this
   */
  public BatcherBuilder<K> shards(int count) {
    shards = within(count, MOST_SHARDS, "shards");
    return this;
  }

  /**
   * Sets how many streams there may be in memory, for which it is taken at once.
   *
   * @param count at least 1; 10,000 by default; divided among the shards, with some more room as keys do not fall evenly
   * @return this
   */
  public BatcherBuilder<K> maxStreams(int count) {
    maxStreams = Require.atLeast(count, 1, "streams");
    return this;
  }

  /**
   * Sets how many requests, of different keys, make a batch at the most.
   *
   * @param rows at least 1; 32 by default
   * @return this
   */
  public BatcherBuilder<K> maxBatch(int rows) {
    maxBatch = within(rows, MOST_ROWS, "rows of a batch");
    return this;
  }

  /**
   * Sets how long the first request of a batch waits for company.
   *
   * @param longest 0 by default: a batch is what has come in while the last one was carried out
   * @return this
   */
  public BatcherBuilder<K> maxDelay(Duration longest) {
    maxDelay = notNegative(longest, "delay");
    return this;
  }

  /**
   * Makes each request a whole window, which begins at zero and leaves nothing behind: for models that cannot be streamed, and for
   * those that are to answer as they were trained. The requests of a key keep their order; nothing else depends on keys.
   *
   * @param steps time steps of a window, at least 1; by default requests are single steps of streams
   * @return this
   */
  public BatcherBuilder<K> windows(int steps) {
    window = Require.atLeast(steps, 1, "time steps of a window");
    return this;
  }

  /**
   * Sets whether who waits in {@link SequenceBatcher#step} may carry out a batch himself if the shard has nothing to do, and
   * {@link #maxDelay} is 0. Completions of others are then called on his thread.
   *
   * @param may true by default; false leaves all steps to the worker threads
   * @return this
   */
  public BatcherBuilder<K> callerSteps(boolean may) {
    callerSteps = may;
    return this;
  }

  /**
   * Sets the queue of each shard.
   *
   * @param capacity requests that wait or are being carried out, at least 1; 1,024 by default
   * @param policy what submitting to a full queue does; {@link WhenFull#REJECT} by default
   * @return this
   */
  public BatcherBuilder<K> queue(int capacity, WhenFull policy) {
    whenFull = Require.given(policy, "what submitting to a full queue does");
    queueCapacity = within(capacity, MOST_REQUESTS, "requests of a queue");
    return this;
  }

  /**
   * Sets how many requests of one key may wait: more are refused, so that one key cannot fill the queue of all.
   *
   * @param most at least 1; by default half of the queue if it rejects, else all of it
   * @return this
   */
  public BatcherBuilder<K> mostOfAKey(int most) {
    mostOfAKey = Require.atLeast(most, 1, "requests of a key");
    return this;
  }

  /**
   * Sets how long a request may wait; one that has waited longer is refused when its turn comes, and its stream stays as it is.
   *
   * @param longest 0 by default: for ever
   * @return this
   */
  public BatcherBuilder<K> timeout(Duration longest) {
    timeout = notNegative(longest, "timeout");
    return this;
  }

  /**
   * Lets streams go that have not been used for some time.
   *
   * @param longest 0 by default: never; they go within an eighth more
   * @param to takes their states, called by the worker; null to forget them, or with a store
   * @return this
   */
  public BatcherBuilder<K> idle(Duration longest, Eviction<? super K> to) {
    idle = notNegative(longest, "idle time");
    sink = to;
    return this;
  }

  /**
   * Sets where streams rest that are not in memory.
   *
   * @param where called by one thread at a time for each shard
   * @param carry what to do with stored states of other weights
   * @return this
   */
  public BatcherBuilder<K> store(StreamStore<K> where, Carry carry) {
    store = where;
    storeCarry = Require.given(carry, "what becomes of states of other weights");
    return this;
  }

  /**
   * Keeps the last inputs of each stream, for {@link Carry#REPLAY}.
   *
   * @param most of each stream; 0 by default
   * @return this
   */
  public BatcherBuilder<K> keepInputs(int most) {
    keptInputs = Require.atLeast(most, 0, "inputs to keep");
    return this;
  }

  /**
   * Has the network warmed up before the first request, see {@link Network#warmUp}; how long a step takes then is told to the logger
   * {@code dev.rill.serving}.
   *
   * @param budget how long at the most; by default nobody waits for it
   * @return this
   */
  public BatcherBuilder<K> warmUp(Duration budget) {
    warmUp = notNegative(budget, "warm-up");
    return this;
  }

  /**
   * Takes the memory and starts the threads. If SIMD is not to be had, the logger {@code dev.rill.serving} is told why.
   *
   * @return the batcher, to be closed
   * @throws StateException if the model cannot be streamed, or something was asked of streams where requests are windows
   * @throws ShapeException if the model has several inputs or outputs, or reads windows of another length
   */
  public SequenceBatcher<K> build() {
    if (window == 0 && !network.streams()) {
      throw new StateException("the model reads whole windows and cannot be streamed: say windows(steps)");
    }
    if (window > 0 && (store != null || keptInputs > 0 || !idle.isZero())) {
      throw new StateException("a batcher of windows keeps no streams: leave out store, idle and keepInputs");
    }
    return new SequenceBatcher<>(network, options(warmUp == null ? null : network.warmUp(warmUp)));
  }

  private BatcherOptions<K> options(WarmUp report) {
    int most = mostOfAKey > 0 ? mostOfAKey : whenFull == WhenFull.REJECT ? (queueCapacity + 1) / 2 : queueCapacity;
    return new BatcherOptions<>(name, shards, maxStreams, maxBatch, nanos(maxDelay, "delay"), callerSteps && maxDelay.isZero(),
        queueCapacity, whenFull, most, nanos(timeout, "timeout"), nanos(idle, "idle time"), sink, store, storeCarry, keptInputs,
        report, window);
  }

  /** Returns what has been set. */
  @Override
  public String toString() {
    return "Builder of a SequenceBatcher: " + options(null);
  }

  private static int within(int count, int most, String what) {
    if (Require.atLeast(count, 1, what) > most) {
      throw new ShapeException(what + ": expected at most " + most + ", got " + count);
    }
    return count;
  }

  private static Duration notNegative(Duration value, String what) {
    nanos(value, what);
    return value;
  }

  /** A duration that is not negative; beyond the 292 years that a long holds it makes no difference. */
  static long nanos(Duration value, String what) {
    if (Require.given(value, what).isNegative()) {
      throw new RillException(what + ": expected no negative duration, got " + value);
    }
    return value.getSeconds() < Long.MAX_VALUE / 2_000_000_000 ? value.toNanos() : Long.MAX_VALUE / 2;
  }
}
