package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Arrays that are asked for and cannot be: refused with what they are for, never out of memory. */
class MemoryTest {
  @Test
  void whatFitsIsGiven() {
    assertEquals(0, Memory.floats(0, "nothing").length);
    assertEquals(3, Memory.floats(3, "a little").length);
  }

  @Test
  void whatNoArrayHoldsIsAShape() {
    for (long count : new long[] {-1, Long.MIN_VALUE, Memory.MAX_LENGTH + 1L, Long.MAX_VALUE}) {
      String message = assertThrows(ShapeException.class, () -> Memory.floats(count, "layer wide")).getMessage();
      assertTrue(message.contains("layer wide") && message.contains(String.valueOf(count)), message);
    }
  }

  @Test
  void whatTheHeapDoesNotHoldNamesBytesAndTheWayOut() {
    String message = assertThrows(RillException.class, () -> Memory.checkBytes(Long.MAX_VALUE, "layer wide")).getMessage();
    assertTrue(message.contains("layer wide") && message.contains(Long.MAX_VALUE + " bytes") && message.contains("-Xmx"), message);
    // Either of the two says no, or the heap is that large.
    if (4L * Memory.MAX_LENGTH > Runtime.getRuntime().maxMemory()) {
      assertThrows(RillException.class, () -> Memory.floats(Memory.MAX_LENGTH, "the longest array"));
    }
  }
}
