package dev.rill.serving;

/**
 * Keys and the index that each has, from 0 below a fixed capacity: a hash table with open addresses, which allocates nothing once it
 * is there. One thread at a time.
 */
final class KeyTable<K> {
  static final int NONE = -1;

  private final Object[] keys;
  private final int[] hashes;
  /** Indices without a key, as a stack. */
  private final int[] free;
  /** Index + 1, or 0; a power of two, at most half full. */
  private final int[] slots;
  private int size;

  KeyTable(int capacity) {
    keys = new Object[capacity];
    hashes = new int[capacity];
    free = new int[capacity];
    for (int i = 0; i < capacity; i++) {
      free[i] = capacity - 1 - i;
    }
    slots = new int[Integer.highestOneBit(Math.max(1, capacity)) * 4];
  }

  /** A hash whose every bit depends on all of the key's (the finalizer of MurmurHash3). */
  static int hash(Object key) {
    int h = key.hashCode();
    h = (h ^ h >>> 16) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return h ^ h >>> 16;
  }

  int size() {
    return size;
  }

  int capacity() {
    return keys.length;
  }

  boolean isFull() {
    return size == keys.length;
  }

  /** The key of an index, or null. */
  @SuppressWarnings("unchecked")
  K key(int index) {
    return (K) keys[index];
  }

  int find(K key) {
    int hash = hash(key);
    for (int slot = hash & slots.length - 1; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
      int index = slots[slot] - 1;
      if (hashes[index] == hash && keys[index].equals(key)) {
        return index;
      }
    }
    return NONE;
  }

  /** Adds a key that is not there to a table that is not full. */
  int add(K key) {
    int index = free[keys.length - ++size];
    keys[index] = key;
    hashes[index] = hash(key);
    int slot = hashes[index] & slots.length - 1;
    while (slots[slot] != 0) {
      slot = slot + 1 & slots.length - 1;
    }
    slots[slot] = index + 1;
    return index;
  }

  void remove(int index) {
    int gap = hashes[index] & slots.length - 1;
    while (slots[gap] != index + 1) {
      gap = gap + 1 & slots.length - 1;
    }
    // What stands behind moves up, unless that would put it before its own place.
    for (int slot = gap + 1 & slots.length - 1; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
      int home = hashes[slots[slot] - 1] & slots.length - 1;
      if ((slot - home & slots.length - 1) >= (slot - gap & slots.length - 1)) {
        slots[gap] = slots[slot];
        gap = slot;
      }
    }
    slots[gap] = 0;
    keys[index] = null;
    free[keys.length - size--] = index;
  }
}
