package dev.rill.serving;

import dev.rill.events.Events;
import dev.rill.tensor.Memory;
import dev.rill.tensor.RillException;

/** Requests of different keys that are carried out together, and what becomes of them. Belongs to whoever has the shard's lock. */
final class MicroBatch<K> {
  private final BatchRows<K> rows;
  private final KeyOrder<K> order;
  private final RequestQueue<K> queue;
  private final ShardCounters counters;
  private final Request<K>[] requests;
  private final K[] keys;
  private final K[] oneKey;
  private final RuntimeException[] failures;
  private final float[] x;
  private final float[] y;
  private final float[] oneX;
  private final float[] oneY;
  private final int in;
  private final int out;
  private int size;

  @SuppressWarnings({"unchecked", "rawtypes"})
  MicroBatch(BatchRows<K> rows, KeyOrder<K> order, RequestQueue<K> queue, ShardCounters counters, int most) {
    this.rows = rows;
    this.order = order;
    this.queue = queue;
    this.counters = counters;
    in = rows.inputs();
    out = rows.outputs();
    requests = new Request[most];
    keys = (K[]) new Object[most];
    oneKey = (K[]) new Object[1];
    failures = new RuntimeException[most];
    x = Memory.floats((long) most * in, "inputs of a batch of " + most);
    y = Memory.floats((long) most * out, "outputs of a batch of " + most);
    oneX = new float[in];
    oneY = new float[out];
  }

  boolean isFull() {
    return size == requests.length;
  }

  void add(Request<K> request) {
    requests[size] = request;
    keys[size] = request.key;
    System.arraycopy(request.x, 0, x, size * in, in);
    size++;
  }

  /** Steps all streams, writes the outputs and tells the callers. */
  void run(long begin, int shard, Events events) {
    if (size == 0) {
      return;
    }
    rows.now(begin);
    events.beginBatch();
    int failed = 0;
    try {
      rows.step(keys, size, x, y);
    } catch (RuntimeException | Error e) {
      failed = oneByOne();
    }
    long end = System.nanoTime();
    int n = size;
    size = 0;
    events.endBatch(shard, n, queue.pending(), begin - requests[0].submitted);
    counters.batch(n, failed, begin, end, requests);
    int weights = rows.network().weightsFingerprint();
    for (int i = 0; i < n; i++) {
      Request<K> request = requests[i];
      RuntimeException failure = failures[i];
      requests[i] = null;
      keys[i] = null;
      failures[i] = null;
      if (failure == null) {
        System.arraycopy(y, i * out, request.y, 0, out);
      }
      finish(request, weights, failure);
    }
  }

  /** Nothing has changed yet: those that can be stepped are, and the others learn why not. Returns how many these are. */
  private int oneByOne() {
    int failed = 0;
    for (int i = 0; i < size; i++) {
      try {
        oneKey[0] = keys[i];
        System.arraycopy(x, i * in, oneX, 0, in);
        rows.step(oneKey, 1, oneX, oneY);
        System.arraycopy(oneY, 0, y, i * out, out);
      } catch (RuntimeException e) {
        failures[i] = e;
        failed++;
      } catch (Error e) {
        failures[i] = new RillException("a step failed: " + e, e);
        failed++;
      }
    }
    oneKey[0] = null;
    return failed;
  }

  /** Takes the request back and tells its caller, in this order: so a completion that submits again finds room. */
  void finish(Request<K> request, int weights, RuntimeException failure) {
    order.done(request);
    answer(request, weights, failure);
  }

  /** Refuses a request that the order has not taken in. */
  void refuse(Request<K> request, RuntimeException failure) {
    answer(request, 0, failure);
  }

  private void answer(Request<K> request, int weights, RuntimeException failure) {
    if (failure != null) {
      counters.failed(failure, request.key);
    }
    if (request.waiter != null) {
      request.answer(weights, failure);
      return;
    }
    K key = request.key;
    float[] result = request.y;
    Completion<? super K> done = request.done;
    queue.release(request);
    try {
      done.done(key, result, weights, failure);
    } catch (RuntimeException | Error e) {
      counters.completionFailed(e);
    }
  }
}
