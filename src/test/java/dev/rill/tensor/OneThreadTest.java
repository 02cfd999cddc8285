package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OneThreadTest {
  private final OneThread use = new OneThread("the thing", "take two");

  /** What another thread meets. */
  private void elsewhere(Runnable what) {
    try {
      CompletableFuture.runAsync(what, task -> new Thread(task, "other").start()).join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  @Test
  void aSecondThreadIsRefusedByName() {
    use.enter();
    StateException e = assertThrows(StateException.class, () -> elsewhere(use::enter));
    assertEquals("the thing is for one thread at a time and in use by thread " + Thread.currentThread().getName()
        + ", so thread other cannot use it: take two", e.getMessage());
  }

  @Test
  void whoHasLeftIsNotInTheWay() {
    use.enter();
    use.leave();
    assertDoesNotThrow(() -> elsewhere(use::enter));
    assertThrows(StateException.class, use::enter, "the other thread has not left");
  }

  @Test
  void theSameThreadEntersAsOftenAsItLikesAndIsOutWhenItHasLeftAsOften() {
    use.enter();
    use.enter();
    use.leave();
    assertThrows(StateException.class, () -> elsewhere(use::enter));
    use.leave();
    assertDoesNotThrow(() -> elsewhere(use::enter));
  }

  @Test
  void aRefusalChangesNothing() {
    use.enter();
    for (int i = 0; i < 3; i++) {
      assertThrows(StateException.class, () -> elsewhere(use::enter));
    }
    use.leave();
    assertDoesNotThrow(use::enter);
  }
}
