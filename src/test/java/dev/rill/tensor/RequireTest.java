package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequireTest {
  @Test
  void timesAreAtLeastAMillisecondAndNoLongerThanCanBeCounted() {
    assertEquals(1, Require.millis(Duration.ofMillis(1), "a time"));
    assertEquals(365_250L * 24 * 3600 * 1000, Require.millis(Duration.ofDays(365_250), "a time"));
    for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofNanos(999_999), Duration.ofMillis(-1), Duration.ofDays(365_251),
        Duration.ofSeconds(Long.MAX_VALUE), Duration.ofSeconds(Long.MIN_VALUE)}) {
      String message = assertThrows(ShapeException.class, () -> Require.millis(wrong, "a time")).getMessage();
      assertTrue(message.startsWith("a time: expected a millisecond") && message.contains(wrong.toString()), message);
    }
    assertTrue(assertThrows(RillException.class, () -> Require.millis(null, "a time")).getMessage().contains("got null"));
  }
}
