package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A state as a value: what makes two equal, what fits to what, and what is no state at all. */
class StateTest {
  private static final List<State.Plane> PLANES = List.of(new State.Plane("a", "h", 2), new State.Plane("b", "h", 1));

  private static State state() {
    return State.of(PLANES, 2, 7, new float[] {1, 2, 3, 4}, new float[] {5, 6});
  }

  @Test
  void statesAreEqualByPlanesRowsWeightsAndBits() {
    assertEquals(state(), state());
    assertEquals(state().hashCode(), state().hashCode());
    assertEquals(state(), state().gather(0, 1));
    assertNotEquals(state(), state().gather(1, 0));
    assertNotEquals(state(), State.of(PLANES, 2, 8, new float[] {1, 2, 3, 4}, new float[] {5, 6}));
    assertNotEquals(state(), State.of(List.of(PLANES.get(0), new State.Plane("c", "h", 1)), 2, 7, new float[] {1, 2, 3, 4},
        new float[] {5, 6}));
    State zero = state().with("b", "h", Tensor.of(new float[] {0, Float.NaN}, 2, 1));
    assertEquals(zero, state().with("b", "h", Tensor.of(new float[] {0, Float.intBitsToFloat(0xffc12345)}, 2, 1)));
    assertNotEquals(zero, state().with("b", "h", Tensor.of(new float[] {-0f, Float.NaN}, 2, 1)));
    assertNotEquals(state(), null);
  }

  @Test
  void theTextNamesRowsPlanesAndWeights() {
    assertEquals("State of 2 rows: a h 2, b h 1; weights 7", state().toString());
    assertEquals("State of 5 rows: none; weights 0", State.of(List.of(), 5, 0).toString());
    assertEquals("a\\u000ab h 2", new State.Plane("a\nb", "h", 2).toString());
  }

  @Test
  void planesFitByOrderKindAndUnits() {
    state().checkStructure(List.of(new State.Plane("x", "h", 2), new State.Plane("y", "h", 1)));
    List<List<State.Plane>> others = List.of(List.of(), PLANES.subList(0, 1), List.of(PLANES.get(1), PLANES.get(0)),
        List.of(PLANES.get(0), new State.Plane("b", "c", 1)), List.of(PLANES.get(0), PLANES.get(1), PLANES.get(1)));
    for (List<State.Plane> other : others) {
      String message = assertThrows(StateException.class, () -> state().checkStructure(other)).getMessage();
      assertTrue(message.contains("plane") && message.contains("a h 2, b h 1"), message);
    }
  }

  private static void refused(Executable call) {
    String message = assertThrows(RillException.class, call).getMessage();
    assertTrue(message.length() > 20, message);
  }

  @Test
  void whatIsNoStateIsRefused() {
    refused(() -> new State.Plane("l", "h", -3));
    refused(() -> new State.Plane("l", "h", 0));
    refused(() -> new State.Plane(null, "h", 1));
    refused(() -> new State.Plane("l", null, 1));
    refused(() -> State.of(PLANES, -1, 0, new float[0], new float[0]));
    refused(() -> State.of(List.of(), -1, 0));
    refused(() -> State.of(PLANES, 1, 0, new float[2]));
    refused(() -> State.of(PLANES, 1, 0, new float[2], new float[2]));
    refused(() -> State.of(PLANES, 1, 0, new float[2], null));
    refused(() -> State.of(PLANES, 1, 0, (float[][]) null));
    refused(() -> State.of(null, 1, 0));
    refused(() -> State.of(Collections.singletonList(null), 0, 0, new float[0]));
    refused(() -> State.fromBytes(null));
  }

  @Test
  void rowsAndPlanesThatThereAreNot() {
    for (int row : new int[] {-1, 2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      refused(() -> state().values(row));
      refused(() -> state().gather(0, row));
      refused(() -> state().scatter(state(), 0, row));
    }
    refused(() -> state().gather((int[]) null));
    refused(() -> state().scatter(null));
    refused(() -> state().scatter(state(), (int[]) null));
    refused(() -> state().append(null));
    refused(() -> State.join(List.of()));
    refused(() -> State.join(null));
    refused(() -> State.join(Arrays.asList(state(), null)));
    refused(() -> state().checkStructure(null));
    refused(() -> state().get(null, "h"));
    refused(() -> state().with("a", "h", null));
  }

  /** Sizes whose product is 0 or negative in 32 bits. */
  @Test
  void rowsThatNoArrayHolds() {
    State wide = State.of(List.of(new State.Plane("wide", "h", 1 << 20)), 1, 0, new float[1 << 20]);
    for (int rows : new int[] {2048, 4096}) {
      String message = assertThrows(ShapeException.class, () -> wide.gather(new int[rows])).getMessage();
      assertTrue(message.contains("wide") && message.contains((4L * rows << 20) + " bytes"), message);
      refused(() -> State.join(Collections.nCopies(rows, wide)));
    }
    List<State> many = new ArrayList<>(Collections.nCopies(3, State.of(List.of(), 1 << 30, 0)));
    refused(() -> State.join(many));
  }
}
