package dev.rill.serving;

import dev.rill.Network;
import dev.rill.events.Events;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Streams by key for many threads: whoever wants submits steps, the steps of a key are carried out in their order, and steps of
 * different keys ride in one batch. To the bit, each stream is as if it were alone. A warm {@link #submit(Object, float[], float[],
 * Completion)} allocates nothing and takes no lock; a warm {@link #step} allocates nothing.
 *
 * <pre>{@code
 * try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(network).maxStreams(100_000).build()) {
 *   batcher.submit("customer 17", x).thenAccept(reply -> use(reply.y()));
 * }
 * }</pre>
 *
 * <p>Keys are divided among shards by their hash; a shard has a worker thread, a {@link StreamPool} and a bounded queue.
 *
 * <p>With {@link BatcherBuilder#windows} each request is a whole window instead: {@code x} is [steps][in], {@code y} what the model says
 * of it, and no stream is kept.
 *
 * @param <K> class of keys, with equals and hashCode
 */
public final class SequenceBatcher<K> implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final int LAST_MILLIS = 1000;

  private final BatcherOptions<K> options;
  private final Shard<K>[] shards;
  private final int in;
  private final int out;

  @SuppressWarnings({"unchecked", "rawtypes"})
  SequenceBatcher(Network network, BatcherOptions<K> options) {
    this.options = options;
    shards = new Shard[options.shards()];
    for (int i = 0; i < shards.length; i++) {
      shards[i] = new Shard<>(network, options, i);
    }
    in = shards[0].rows().inputs();
    out = shards[0].rows().outputs();
    for (Shard<K> shard : shards) {
      shard.start();
    }
    ReadyLog.ready(network, options);
  }

  /**
   * Begins to say what is wanted.
   *
   * @param <K> class of keys
   * @param network what steps the streams, of one input and one output
   * @return defaults: one shard, 10,000 streams, batches of 32 without a delay, a queue of 1,024 that refuses
   */
  public static <K> BatcherBuilder<K> builder(Network network) {
    return new BatcherBuilder<>(network);
  }

  /**
   * Submits one step of a stream, which begins if its key is new. The input is copied; {@code y} belongs to the batcher until the
   * completion is called.
   *
   * @param key the stream's key
   * @param x input, [in], or [steps][in] where requests are windows
   * @param y where the output goes, [out], or [steps][out] where the answer to a window is a sequence
   * @param done is told, exactly once
   * @return false if the request was refused: the queue is full, or the batcher closed; then {@code done} is never called
   * @throws ShapeException if an array is too short
   */
  public boolean submit(K key, float[] x, float[] y, Completion<? super K> done) {
    check(x, y);
    Require.given(done, "the completion");
    Shard<K> shard = shard(key);
    Request<K> request = claim(shard);
    if (request == null) {
      shard.counters().rejected(refusal(shard), key);
      return false;
    }
    fill(request, key, x, y);
    request.done = done;
    shard.submit(request);
    return true;
  }

  private void check(float[] x, float[] y) {
    if (Require.given(x, "x").length < in || Require.given(y, "y").length < out) {
      throw new ShapeException("x has " + x.length + " floats and y " + y.length + ": expected " + in + " and " + out);
    }
  }

  private void fill(Request<K> request, K key, float[] x, float[] y) {
    request.key = key;
    System.arraycopy(x, 0, request.x, 0, in);
    request.y = y;
    request.submitted = System.nanoTime();
  }

  /**
   * One step of a stream, which begins if its key is new; returns when it is done. If nobody else is at work in the shard, the caller
   * carries it out, with whatever else waits, which saves the way to another thread and back.
   *
   * @param key the stream's key
   * @param x input, [in]
   * @param y output, [out]
   * @return fingerprint of the weights that gave it, see {@link Network#weightsFingerprint()}
   * @throws RejectedException if it was refused
   * @throws ShapeException if an array is too short
   * @throws StateException if the stream is new and there is no room, or a completion calls this, which would wait for itself
   */
  public int step(K key, float[] x, float[] y) {
    check(x, y);
    if (isInside()) {
      throw new StateException("a completion cannot wait for a step: submit it");
    }
    Shard<K> shard = shard(key);
    Request<K> request = claim(shard);
    if (request == null) {
      RejectedException refusal = refusal(shard);
      shard.counters().rejected(refusal, key);
      throw refusal;
    }
    fill(request, key, x, y);
    request.waiter = Thread.currentThread();
    shard.step(request);
    int weights = request.weights;
    RuntimeException failure = request.failure;
    shard.queue().release(request);
    if (failure != null) {
      throw failure;
    }
    return weights;
  }

  /**
   * Submits one step of a stream, which begins if its key is new. What depends on the answer runs on the shard's thread unless it is
   * given another ({@code thenApplyAsync}): there it must not wait, least of all for another answer.
   *
   * @param key the stream's key
   * @param x input, [in], or [steps][in] where requests are windows; copied
   * @return the answer; fails with {@link RejectedException} if the request was refused
   * @throws ShapeException if the array has another length; no scratch memory is meant here
   */
  public CompletableFuture<Reply> submit(K key, float[] x) {
    if (Require.given(x, "x").length != in) {
      throw new ShapeException("x has " + x.length + " floats: expected " + in);
    }
    CompletableFuture<Reply> future = new CompletableFuture<>();
    boolean taken = submit(key, x, new float[out], (of, y, weights, failure) -> {
      if (failure == null) {
        future.complete(new Reply(y, weights));
      } else {
        future.completeExceptionally(failure);
      }
    });
    if (!taken) {
      future.completeExceptionally(refusal(shard(key)));
    }
    return future;
  }

  /**
   * Ends a stream when all that was submitted for it before has been carried out.
   *
   * @param key the stream's key
   * @return its last state, of one row, or null if there is no such stream; fails with {@link RejectedException} if refused
   */
  public CompletableFuture<State> end(K key) {
    CompletableFuture<State> future = new CompletableFuture<>();
    Shard<K> shard = shard(key);
    Request<K> request = claim(shard);
    if (request == null) {
      shard.counters().rejected(refusal(shard), key);
      future.completeExceptionally(refusal(shard));
      return future;
    }
    request.key = key;
    request.ending = future;
    request.done = (of, y, weights, failure) -> future.completeExceptionally(failure);
    request.submitted = System.nanoTime();
    shard.submit(request);
    return future;
  }

  /**
   * Looks at a stream, between two of its steps.
   *
   * @param key the stream's key
   * @return its state, of one row, or null if there is no such stream in memory
   * @throws StateException if requests are whole windows
   */
  public State state(K key) {
    Shard<K> shard = shard(key);
    shard.lock();
    try {
      return shard.pool().state(key);
    } finally {
      shard.unlock();
    }
  }

  private static RejectedException refusal(Shard<?> shard) {
    return shard.queue().isClosed() ? RejectedException.CLOSED : RejectedException.FULL;
  }

  private Shard<K> shard(K key) {
    // By the upper bits: the tables of the shards go by the lower ones.
    return shards[(int) ((KeyTable.hash(Require.given(key, "the key of a stream")) & 0xffffffffL) * shards.length >>> 32)];
  }

  /** A request to fill in, or null. */
  private Request<K> claim(Shard<K> shard) {
    Request<K> request = shard.queue().claim();
    // A completion must not wait for room that only its own thread can make.
    if (request != null || options.whenFull() == WhenFull.REJECT || isInside()) {
      return request;
    }
    while (options.whenFull() == WhenFull.CALLER_RUNS && request == null && !shard.queue().isClosed()) {
      shard.help();
      request = shard.queue().claim();
    }
    return request != null ? request : shard.queue().await();
  }

  private boolean isInside() {
    for (Shard<K> shard : shards) {
      if (shard.isInside()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives the streams other weights while requests are in flight: each is carried out with the old ones or with the new ones, none
   * waits for longer than a batch takes, and its completion is told which.
   *
   * @param next the other network, with inputs and outputs of the same width
   * @param carry what becomes of the states
   * @return the swap, which knows the way back
   * @throws StateException if the network does not pass {@link Probe#finite()}, or its structure or weights are refused; nothing has
   *     changed then
   */
  public Swap swap(Network next, Carry carry) {
    return swap(next, carry, Probe.finite());
  }

  /**
   * Gives the streams other weights, if these pass a probe.
   *
   * @param next the other network, with inputs and outputs of the same width
   * @param carry what becomes of the states
   * @param probe what it has to show first
   * @return the swap, which knows the way back
   * @throws StateException if it does not, or its structure or weights are refused; nothing has changed then
   */
  public Swap swap(Network next, Carry carry, Probe probe) {
    long begin = System.nanoTime();
    Require.given(probe, "the probe").check(Require.given(next, "the next network"), options.window());
    Runnable[] prepared = new Runnable[shards.length];
    for (Shard<K> shard : shards) {
      shard.lock();
    }
    Network previous;
    try {
      previous = network();
      for (int i = 0; i < shards.length; i++) {
        prepared[i] = shards[i].rows().prepareSwap(next, carry);
      }
      for (Runnable putInPlace : prepared) {
        putInPlace.run();
      }
    } finally {
      for (Shard<K> shard : shards) {
        shard.unlock();
      }
    }
    long elapsed = System.nanoTime() - begin;
    Events.create().swap(previous.weightsFingerprint(), next.weightsFingerprint(), carry.toString(), elapsed);
    return new Swap(this, previous, next.weightsFingerprint(), Duration.ofNanos(elapsed));
  }

  /**
   * Writes all streams to a file, or those that have changed since another snapshot, while requests are carried out, which
   * have the processors first; a closed batcher can be written, too. The file appears whole or not at all.
   *
   * @param file where; what is there stays until all is written
   * @param codec for the keys
   * @param since what to go on from, or null for everything
   * @return what was written
   * @throws IOException if writing fails
   */
  public Snapshot snapshot(Path file, KeyCodec<? super K> codec, Snapshot.Mark since) throws IOException {
    return SnapshotWriter.write(shards, file, codec, since);
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
    return SnapshotRestore.restore(files, codec, carry, this::shard, List.of(shards));
  }

  Shard<K>[] shards() {
    return shards;
  }

  /**
   * The weights that steps are carried out with now.
   *
   * @return the network
   */
  public Network network() {
    return shards[0].rows().network();
  }

  /**
   * Figures since this was built.
   *
   * @return counts and histograms of all shards
   */
  public ServingStats stats() {
    return ServingStats.of(shards);
  }

  /** Returns the options and what steps the streams. */
  @Override
  public String toString() {
    return "SequenceBatcher of " + shards.length + " shards on " + network() + ": " + options;
  }

  /** Ends as {@link #close(Duration)} does, within ten seconds. */
  @Override
  public void close() {
    close(DRAIN);
  }

  /**
   * Takes no more requests, carries out those that wait, and ends the threads. What is not done in time is refused; every request is
   * answered once.
   *
   * @param drain how long to go on at the most
   * @throws StateException if a completion calls this, which would wait for itself
   */
  public void close(Duration drain) {
    long nanos = BatcherBuilder.nanos(drain, "the time to drain");
    long begin = System.nanoTime();
    if (isInside()) {
      throw new StateException("a completion cannot close its batcher: it would wait for itself");
    }
    for (Shard<K> shard : shards) {
      shard.close();
    }
    boolean interrupted = false;
    for (Shard<K> shard : shards) {
      boolean ended = false;
      try {
        ended = !interrupted && shard.join((nanos - (System.nanoTime() - begin)) / 1_000_000);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (!ended) {
        shard.abandon();
      }
    }
    for (Shard<K> shard : shards) {
      try {
        if (!interrupted && !shard.join(LAST_MILLIS)) {
          System.getLogger("dev.rill.serving").log(Level.WARNING, "a shard is still inside a completion and ends after it");
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
