package dev.rill.serving;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bounded queue for any number of threads at either end, without locks and without garbage (D. Vyukov's bounded queue): each slot
 * has a number that says whose turn it is, the writer's of round n or the reader's.
 */
final class Ring<E> {
  private static final VarHandle TURN = MethodHandles.arrayElementVarHandle(long[].class);

  private final Object[] slots;
  private final long[] turns;
  private final AtomicLong head = new AtomicLong();
  private final AtomicLong tail = new AtomicLong();

  /** Room for at least so many. */
  Ring(int capacity) {
    int size = Integer.highestOneBit(Math.max(2, 2 * capacity - 1));
    slots = new Object[size];
    turns = new long[size];
    for (int i = 0; i < size; i++) {
      turns[i] = i;
    }
    VarHandle.fullFence();
  }

  /**
   * Adds an element that there is room for. A reader that has been interrupted half-way may still occupy the slot; it is waited for.
   */
  void put(E element) {
    while (!offer(element)) {
      Thread.yield();
    }
  }

  /** Adds an element; false if there is no room, or a reader has not quite made it. */
  boolean offer(E element) {
    long position = tail.get();
    while (true) {
      int slot = (int) position & slots.length - 1;
      long difference = (long) TURN.getVolatile(turns, slot) - position;
      if (difference < 0) {
        return false;
      }
      if (difference == 0 && tail.compareAndSet(position, position + 1)) {
        slots[slot] = element;
        TURN.setVolatile(turns, slot, position + 1);
        return true;
      }
      position = tail.get();
    }
  }

  /** Takes the first element, or returns null if there is none, or the first is still being written. */
  @SuppressWarnings("unchecked")
  E poll() {
    long position = head.get();
    while (true) {
      int slot = (int) position & slots.length - 1;
      long difference = (long) TURN.getVolatile(turns, slot) - (position + 1);
      if (difference < 0) {
        return null;
      }
      if (difference == 0 && head.compareAndSet(position, position + 1)) {
        E element = (E) slots[slot];
        slots[slot] = null;
        TURN.setVolatile(turns, slot, position + slots.length);
        return element;
      }
      position = head.get();
    }
  }

  /** Whether {@link #poll} would find nothing. */
  boolean isEmpty() {
    long position = head.get();
    return (long) TURN.getVolatile(turns, (int) position & slots.length - 1) - (position + 1) < 0;
  }

  /** How many there are, those included that are being written; at a moment of the call if only readers are at work. */
  int size() {
    long end = tail.get();
    return (int) Math.max(0, end - head.get());
  }
}
