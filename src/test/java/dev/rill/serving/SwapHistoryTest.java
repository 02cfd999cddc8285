package dev.rill.serving;

import static dev.rill.serving.Carry.KEEP;
import static dev.rill.serving.Carry.REFUSE;
import static dev.rill.serving.Carry.REPLAY;
import static dev.rill.serving.Carry.RESET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.tensor.RillException;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwapHistoryTest {
  /** What becomes of streams of weights 1 after some swaps. */
  private static Carry of(Carry... swaps) {
    SwapHistory history = SwapHistory.of(1, REFUSE);
    int next = 2;
    for (Carry carry : swaps) {
      history = history.swap(next++, carry);
    }
    return history.carry(1);
  }

  @Test
  void aStreamGoesByTheSwapsThatItSleptThroughInTurn() {
    for (Carry carry : Carry.values()) {
      assertEquals(carry, of(carry));
      assertEquals(carry, of(KEEP, carry));
      assertEquals(carry, of(REFUSE, carry), "asked again");
      assertEquals(RESET, of(RESET, carry), "it has begun at zero");
      assertEquals(carry == KEEP ? REPLAY : carry, of(REPLAY, carry));
      assertEquals(carry == KEEP ? REPLAY : carry, of(REPLAY, REFUSE, carry), "found as it was before the refusal");
      assertEquals(carry == KEEP ? REPLAY : carry, of(REPLAY, REFUSE, REFUSE, KEEP, carry));
    }
    assertEquals(RESET, of(KEEP, RESET, KEEP, KEEP));
  }

  @Test
  void swapsBeforeItsWeightsRanDoNotMatter() {
    SwapHistory history = SwapHistory.of(1, REFUSE).swap(2, RESET).swap(3, KEEP);
    assertEquals(Map.of(1, RESET, 2, KEEP), history.earlier());
    assertEquals(KEEP, history.carry(3));
  }

  @Test
  void weightsThatRunAgainTakeTheirOwnStreamsUp() {
    SwapHistory history = SwapHistory.of(1, REFUSE).swap(2, RESET).swap(1, RESET);
    assertEquals(KEEP, history.carry(1));
    assertEquals(Map.of(2, RESET), history.earlier());
    assertEquals(Map.of(1, KEEP, 2, RESET), history.swap(3, KEEP).earlier());
  }

  @Test
  void unknownWeightsGoByWhatIsSaidForThemAndThenByAllSwaps() {
    for (Carry carry : Carry.values()) {
      assertEquals(carry, SwapHistory.of(1, carry).carry(7));
      assertEquals(carry == RESET ? RESET : REPLAY, SwapHistory.of(1, carry).swap(2, REPLAY).swap(1, KEEP).carry(7));
      assertEquals(carry == REFUSE ? KEEP : carry, SwapHistory.of(1, carry).swap(2, REFUSE).swap(1, KEEP).carry(7));
    }
  }

  @Test
  void theSameSwapAgainChangesNothingAndAnotherPolicyIsSaidAnew() {
    for (Carry first : Carry.values()) {
      for (Carry carry : Carry.values()) {
        SwapHistory history = SwapHistory.of(1, REFUSE).swap(2, first).swap(3, carry);
        assertEquals(history, history.swap(3, carry));
      }
    }
    assertEquals(KEEP, SwapHistory.of(1, REFUSE).swap(2, REFUSE).swap(2, KEEP).carry(1));
  }

  @Test
  void aPolicyIsGiven() {
    assertThrows(RillException.class, () -> SwapHistory.of(1, REFUSE).swap(2, null));
    assertThrows(RillException.class, () -> SwapHistory.of(1, null));
    assertThrows(RillException.class, () -> new SwapHistory(1, false, KEEP, null));
    assertThrows(RillException.class, () -> new SwapHistory(1, false, KEEP, Collections.singletonMap(null, KEEP)));
    assertThrows(RillException.class, () -> new SwapHistory(1, false, KEEP, Collections.singletonMap(2, null)));
    assertThrows(RillException.class, () -> new SwapHistory(1, true, KEEP, Map.of(2, REFUSE)));
    assertThrows(RillException.class, () -> new SwapHistory(1, true, REFUSE, Map.of()));
    assertThrows(UnsupportedOperationException.class, () -> SwapHistory.of(1, REFUSE).earlier().put(1, KEEP));
  }
}
