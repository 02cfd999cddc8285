package dev.rill.cli;

/** How much the current thread has allocated so far. The module that knows need not be there. */
abstract class AllocatedBytes {
  /** What is said where nobody knows. */
  static final long UNKNOWN = -1;

  /** Bytes since the thread began, or {@link #UNKNOWN}; asking allocates nothing. */
  abstract long ofCurrentThread();

  /** The JVM's own count where it has one. */
  static AllocatedBytes counter() {
    try {
      // By name: the class cannot be linked without the module jdk.management.
      Class<?> counter = Class.forName("dev.rill.cli.ManagementAllocatedBytes");
      return (AllocatedBytes) counter.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return new AllocatedBytes() {
        @Override
        long ofCurrentThread() {
          return UNKNOWN;
        }
      };
    }
  }
}
