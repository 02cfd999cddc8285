package dev.rill.serving;

import dev.rill.Network;
import dev.rill.events.Events;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The streams of some keys: a queue, and under a lock the pool and what is under way. */
final class Shard<K> implements GuardedPool<K> {
  private static final long IDLE_CHECKS = 8;
  /** A visitor tries the door again after this, as it may have been shut just when he knocked. */
  private static final long KNOCK_NANOS = 50_000;

  private final BatcherOptions<K> options;
  private final RequestQueue<K> queue;
  private final BatchRows<K> rows;
  private final KeyOrder<K> order;
  private final MicroBatch<K> batch;
  private final ShardCounters counters = new ShardCounters();
  /** Fair, so that a shard under load lets snapshots and swaps in. */
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Queue<Visit> visits = new ConcurrentLinkedQueue<>();
  private final Thread worker;
  private final int index;
  private final Runnable poolEvent = this::tellOfPool;
  private volatile Events events = Events.NONE;
  /** Waiting requests that wake the worker, or 0 while it is awake. */
  private volatile int wakeAt;
  /** Whether requests that have been taken from the queue are ready; written under the lock. */
  private volatile boolean ready;
  private volatile boolean abandoned;
  private long nextIdleCheck;

  Shard(Network network, BatcherOptions<K> options, int index) {
    this.options = options;
    this.index = index;
    int capacity = options.queueCapacity();
    rows = options.window() > 0 ? new WindowRows<>(network, options.window())
        : StreamPool.<K>of(network, options.streamsOfAShard()).keepInputs(options.keptInputs())
            .store(options.store(), options.storeCarry());
    queue = new RequestQueue<>(capacity, rows.inputs());
    order = new KeyOrder<>(capacity, options.mostOfAKey());
    batch = new MicroBatch<>(rows, order, queue, counters, options.maxBatch());
    nextIdleCheck = System.nanoTime();
    worker = new Thread(this::work, options.name() + "-" + index);
    worker.setDaemon(true);
  }

  void start() {
    worker.start();
  }

  RequestQueue<K> queue() {
    return queue;
  }

  BatchRows<K> rows() {
    return rows;
  }

  @Override
  public StreamPool<K> pool() {
    if (rows instanceof StreamPool<K> pool) {
      return pool;
    }
    throw new StateException("a batcher of windows keeps no streams: there is no state to look at, write or read");
  }

  ShardCounters counters() {
    return counters;
  }

  boolean isInside() {
    return lock.isHeldByCurrentThread();
  }

  /** Puts a request among the waiting, and sees to it that somebody carries it out. */
  void submit(Request<K> request) {
    queue.submit(request);
    if (wakeAt > 0 && queue.waiting() >= wakeAt) {
      wake();
    }
  }

  /** Submits a request and waits for its answer: by carrying it out, with whatever else waits, if nobody else is at work. */
  void step(Request<K> request) {
    if (options.callerSteps() && !lock.hasQueuedThreads() && lock.tryLock()) {
      queue.submit(request);
      try {
        batch();
      } finally {
        unlock();
      }
    } else {
      submit(request);
    }
    request.await();
  }

  /** Carries out a batch on the caller's thread. */
  void help() {
    lock.lock();
    try {
      batch();
    } finally {
      unlock();
    }
  }

  /** Stops the shard for the caller, who is to be quick, until {@link #unlock}. */
  @Override
  public void lock() {
    lock.lock();
  }

  @Override
  public void unlock() {
    if (lock.getHoldCount() == 1) {
      for (Visit visit = visits.poll(); visit != null; visit = visits.poll()) {
        visit.receive();
      }
      ready = order.ready() > 0;
    }
    lock.unlock();
    if (wakeAt > 0 && (ready || !queue.isEmpty())) {
      wake();
    }
  }

  @Override
  public void inside(Runnable work) {
    if (isInside()) {
      work.run();
      return;
    }
    Visit visit = new Visit(work);
    visits.add(visit);
    while (!visit.isDone()) {
      if (lock.tryLock()) {
        unlock();
      } else {
        LockSupport.parkNanos(this, KNOCK_NANOS);
      }
    }
    visit.rethrow();
  }

  @Override
  public long answered() {
    return counters.successes.sum();
  }

  private void wake() {
    wakeAt = 0;
    LockSupport.unpark(worker);
  }

  private void work() {
    boolean open = true;
    while (open) {
      long wait;
      int wakeFrom;
      lock.lock();
      try {
        long now = System.nanoTime();
        long untilIdleCheck = expire(now);
        wait = delay(now);
        wakeFrom = 1;
        if (wait == 0) {
          batch();
        } else if (order.ready() > 0) {
          wakeFrom = Math.max(1, options.maxBatch() - order.ready());
        } else {
          wait = untilIdleCheck;
          open = !queue.isClosed() || queue.pending() > 0;
          // Who has claimed a request and not yet submitted it will, at once.
          wait = open && queue.isClosed() ? Math.min(wait, 100_000) : wait;
        }
      } finally {
        unlock();
      }
      if (open && wait > 0) {
        sleep(wait, wakeFrom);
      }
    }
    events.removePeriodic(poolEvent);
  }

  /** How long the next batch may wait for company: 0 if it is due, a long time if nothing waits. */
  private long delay(long now) {
    take();
    if (order.ready() == 0) {
      return Long.MAX_VALUE;
    }
    boolean due = order.ready() >= options.maxBatch() || queue.isClosed();
    return due ? 0 : Math.max(0, options.maxDelay() - (now - order.peek().submitted));
  }

  private void sleep(long nanos, int wakeFrom) {
    wakeAt = wakeFrom;
    boolean company = wakeFrom > 1;
    if (company ? queue.waiting() < wakeFrom && !queue.isClosed() : queue.isEmpty() && !ready) {
      LockSupport.parkNanos(this, nanos);
    }
    wakeAt = 0;
  }

  private void take() {
    for (Request<K> request = queue.poll(); request != null; request = queue.poll()) {
      if (!order.add(request)) {
        batch.refuse(request, RejectedException.BUSY);
      }
    }
  }

  /** One batch of what is there, under the lock. */
  private void batch() {
    take();
    // Behind all that has been taken.
    long now = System.nanoTime();
    while (!batch.isFull()) {
      Request<K> request = order.next();
      if (request == null) {
        break;
      }
      if (abandoned) {
        batch.finish(request, 0, RejectedException.CLOSED);
      } else if (options.timeout() > 0 && now - request.submitted > options.timeout()) {
        batch.finish(request, 0, RejectedException.LATE);
      } else if (request.ending != null) {
        end(request);
      } else {
        batch.add(request);
      }
    }
    batch.run(now, index, events());
  }

  private Events events() {
    if (events == Events.NONE && Events.create() != Events.NONE) {
      events = Events.create();
      events.addPeriodic(poolEvent);
    }
    return events;
  }

  private void tellOfPool() {
    Events.create().pool(index, rows.size(), rows.maxStreams(), queue.pending());
  }

  private void end(Request<K> request) {
    CompletableFuture<State> ending = request.ending;
    RuntimeException failure = null;
    State state = null;
    try {
      state = rows.take(request.key);
    } catch (RuntimeException e) {
      failure = e;
    } catch (Error e) {
      failure = new RillException("a stream could not be ended: " + e, e);
    }
    order.done(request);
    queue.release(request);
    if (failure == null) {
      ending.complete(state);
    } else {
      ending.completeExceptionally(failure);
    }
  }

  /** Lets idle streams go from time to time; returns how long nothing needs to be done. */
  private long expire(long now) {
    if (options.idle() == 0) {
      return Long.MAX_VALUE;
    }
    if (now - nextIdleCheck >= 0) {
      int before = rows.size();
      try {
        rows.expire(now, options.idle(), options.sink());
      } catch (RuntimeException | Error e) {
        counters.evictionFailed(e);
      }
      counters.evicted(before - rows.size());
      nextIdleCheck = now + Math.max(1_000_000, options.idle() / IDLE_CHECKS);
    }
    return nextIdleCheck - now;
  }

  /** Takes no more requests; the worker ends when all have been carried out. */
  void close() {
    queue.close();
    wake();
  }

  /** Refuses what is left. */
  void abandon() {
    abandoned = true;
    wake();
  }

  boolean isAbandoned() {
    return abandoned;
  }

  boolean join(long millis) throws InterruptedException {
    worker.join(Math.max(1, millis));
    return !worker.isAlive();
  }
}
