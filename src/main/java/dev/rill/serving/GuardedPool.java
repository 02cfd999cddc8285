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

  /**
   * Does something quick between two uses of others, without making them wait for the caller's thread: whoever uses the pool does it, if
   * somebody does.
   */
  default void inside(Runnable work) {
    work.run();
  }

  /** How many requests of others have been answered: while it grows, whoever goes through the pool does so at a walk. */
  default long answered() {
    return 0;
  }
}
