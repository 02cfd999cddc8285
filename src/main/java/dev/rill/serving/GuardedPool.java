package dev.rill.serving;

/** A pool that others may be using: to be touched between {@link #lock} and {@link #unlock} only. A pool alone needs neither. */
interface GuardedPool<K> {
  StreamPool<K> pool();

  default void lock() {}

  default void unlock() {}
}
