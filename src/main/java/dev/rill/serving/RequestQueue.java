package dev.rill.serving;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed number of requests, made once: those that are free and those that wait. Who submits takes a free one; if there is none, the
 * queue is full.
 */
final class RequestQueue<K> {
  private final int capacity;
  /** Free requests for which callers that wait are woken. */
  private final int enough;
  private final Ring<Request<K>> free;
  private final Ring<Request<K>> waiting;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  /** Callers that wait for a free request. */
  private final AtomicInteger callers = new AtomicInteger();
  private volatile boolean closed;

  RequestQueue(int capacity, int features) {
    this.capacity = capacity;
    enough = Math.max(1, capacity / 4);
    free = new Ring<>(capacity);
    waiting = new Ring<>(capacity);
    for (int i = 0; i < capacity; i++) {
      free.put(new Request<>(features));
    }
  }

  /** A free request, or null. */
  Request<K> claim() {
    Request<K> request = free.poll();
    // Closed after it was claimed: whoever ends the shard waits until it is back.
    if (request != null && closed) {
      free.put(request);
      return null;
    }
    return request;
  }

  /** A free request as soon as there is one; null if the queue is closed or the thread interrupted, which it stays. */
  Request<K> await() {
    lock.lock();
    callers.incrementAndGet();
    try {
      Request<K> request = claim();
      while (request == null && !closed) {
        room.await();
        request = claim();
      }
      return request;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      callers.decrementAndGet();
      lock.unlock();
    }
  }

  void submit(Request<K> request) {
    waiting.put(request);
  }

  /** The request that has waited longest, or null. */
  Request<K> poll() {
    return waiting.poll();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int waiting() {
    return waiting.size();
  }

  /** Takes a request back. */
  void release(Request<K> request) {
    request.clear();
    free.put(request);
    // Not for each: a caller that has to wait is woken to submit many.
    if (callers.get() > 0 && free.size() >= enough) {
      lock.lock();
      try {
        room.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** How many requests are not free: waiting, being carried out, or about to be submitted. */
  int pending() {
    return capacity - free.size();
  }

  int capacity() {
    return capacity;
  }

  boolean isClosed() {
    return closed;
  }

  /** Gives out no more requests. */
  void close() {
    closed = true;
    lock.lock();
    try {
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
