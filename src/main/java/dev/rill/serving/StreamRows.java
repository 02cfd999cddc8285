package dev.rill.serving;

/** Which stream has which row, and what is known of it beside its state. */
final class StreamRows<K> {
  private final KeyTable<K> keys;
  private final UseOrder order;
  private final long[] begunAt;
  private final long[] usedAt;
  private final long[] steps;
  /** The epoch in which the row last changed, and that in which its stream came to it. */
  private final int[] changedIn;
  private final int[] cameIn;
  private int epoch = 1;
  private long now;

  StreamRows(int capacity) {
    keys = new KeyTable<>(capacity);
    order = new UseOrder(capacity);
    begunAt = new long[capacity];
    usedAt = new long[capacity];
    steps = new long[capacity];
    changedIn = new int[capacity];
    cameIn = new int[capacity];
  }

  void now(long nanos) {
    now = nanos;
  }

  /** Begins a new epoch; returns the one that has ended. */
  int nextEpoch() {
    return epoch++;
  }

  int size() {
    return keys.size();
  }

  boolean isFull() {
    return keys.isFull();
  }

  int find(K key) {
    return keys.find(key);
  }

  /** The key of a row, or null if there is no stream in it. */
  K key(int row) {
    return keys.key(row);
  }

  int add(K key) {
    int row = keys.add(key);
    order.add(row);
    begunAt[row] = now;
    steps[row] = 0;
    cameIn[row] = epoch;
    changedIn[row] = epoch;
    usedAt[row] = now;
    return row;
  }

  void remove(int row) {
    order.remove(row);
    keys.remove(row);
  }

  void used(int row) {
    order.used(row);
    usedAt[row] = now;
  }

  void stepped(int row, int count) {
    steps[row] += count;
    changedIn[row] = epoch;
  }

  void changed(int row) {
    changedIn[row] = epoch;
  }

  void allChanged() {
    for (int row = 0; row < changedIn.length; row++) {
      changedIn[row] = epoch;
    }
  }

  int longestUnused() {
    return order.longestUnused();
  }

  long usedAt(int row) {
    return usedAt[row];
  }

  /** Nanoseconds since the stream began, or came back. */
  long age(int row) {
    return now - begunAt[row];
  }

  long steps(int row) {
    return steps[row];
  }

  boolean changedAfter(int row, int ended) {
    return changedIn[row] > ended;
  }

  boolean cameAfter(int row, int ended) {
    return cameIn[row] > ended;
  }
}
