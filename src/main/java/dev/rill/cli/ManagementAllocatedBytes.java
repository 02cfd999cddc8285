package dev.rill.cli;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Asks the JVM's management interface, of the module jdk.management. */
final class ManagementAllocatedBytes extends AllocatedBytes {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  ManagementAllocatedBytes() {
    threads.setThreadAllocatedMemoryEnabled(true);
  }

  @Override
  long ofCurrentThread() {
    return threads.getCurrentThreadAllocatedBytes();
  }
}
