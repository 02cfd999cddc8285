package dev.rill.serving;

/**
 * Requests that a shard has taken from its queue, in an order that holds per key: of each key the first is ready, or in the batch under
 * way, and the others stand behind it. Constant time for each, so that a key with thousands of requests costs the others nothing.
 */
final class KeyOrder<K> {
  private final KeyTable<K> underWay;
  private final Request<K>[] last;
  private final int[] count;
  private final int mostOfAKey;
  private Request<K> firstReady;
  private Request<K> lastReady;
  private int ready;

  @SuppressWarnings({"unchecked", "rawtypes"})
  KeyOrder(int capacity, int mostOfAKey) {
    underWay = new KeyTable<>(capacity);
    last = new Request[capacity];
    count = new int[capacity];
    this.mostOfAKey = mostOfAKey;
  }

  /** Takes a request in; false if too many of its key are waiting. */
  boolean add(Request<K> request) {
    int index = underWay.find(request.key);
    if (index < 0) {
      index = underWay.add(request.key);
      count[index] = 0;
      makeReady(request);
    } else if (count[index] >= mostOfAKey) {
      return false;
    } else {
      last[index].behind = request;
    }
    last[index] = request;
    count[index]++;
    request.index = index;
    return true;
  }

  private void makeReady(Request<K> request) {
    if (firstReady == null) {
      firstReady = request;
    } else {
      lastReady.next = request;
    }
    lastReady = request;
    ready++;
  }

  /** How many keys have a request that could be carried out now. */
  int ready() {
    return ready;
  }

  /** The request that has been ready for longest; it stays where it is. */
  Request<K> peek() {
    return firstReady;
  }

  /** Takes that request out; none of its key is ready until it is {@link #done}. */
  Request<K> next() {
    Request<K> request = firstReady;
    if (request != null) {
      firstReady = request.next;
      request.next = null;
      ready--;
    }
    return request;
  }

  /** The request has been carried out: the next of its key is ready. */
  void done(Request<K> request) {
    int index = request.index;
    count[index]--;
    if (request.behind != null) {
      makeReady(request.behind);
      request.behind = null;
    } else {
      last[index] = null;
      underWay.remove(index);
    }
  }
}
