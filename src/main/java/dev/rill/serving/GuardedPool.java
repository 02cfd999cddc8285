package dev.rill.serving;

/** A pool that others may be using: to be touched between {@link #lock} and {@link #unlock} only. A pool alone needs neither. */
interface GuardedPool<K> {
  StreamPool<K> pool();

  /** A pool that nobody else uses. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  static <K> GuardedPool<K>[] alone(StreamPool<K> pool) {
    GuardedPool<K> only = () -> pool;
    return new GuardedPool[] {only};
  }

  default void lock() {}

  default void unlock() {}
}
