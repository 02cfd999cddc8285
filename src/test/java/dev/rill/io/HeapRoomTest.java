package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class HeapRoomTest {
  private static final long HEAP = Runtime.getRuntime().maxMemory();

  @Test
  void whatNoArrayHoldsIsAFaultOfTheFile() {
    assertThrows(FormatException.class, () -> HeapRoom.bytes(1L << 40, "a weight"));
    assertThrows(FormatException.class, () -> HeapRoom.floats(-1, "a weight"));
    assertThrows(FormatException.class, () -> HeapRoom.elements(new int[] {1 << 20, 1 << 20, 1 << 30}, "a weight"));
  }

  @Test
  void aHeapThatIsTooSmallIsNot() {
    List<Executable> all = new ArrayList<>(List.of(() -> HeapRoom.require(HEAP, "a weight"),
        () -> HeapRoom.require(Long.MAX_VALUE / 2, "a weight"), () -> {
          throw HeapRoom.exhausted("a weight");
        }));
    if (HEAP / Double.BYTES < HeapRoom.MAX_LENGTH) {
      all.add(() -> HeapRoom.doubles(HEAP / Double.BYTES + 1, "a weight"));
      all.add(() -> HeapRoom.longs(HEAP / Double.BYTES, "a weight"));
    }
    for (Executable each : all) {
      RillException refused = assertThrows(RillException.class, each);
      assertEquals(RillException.class, refused.getClass(), "the file is fine");
      assertTrue(refused.getMessage().matches("a weight needs .* raise -Xmx"), refused.getMessage());
    }
  }

  @Test
  void whatThereIsRoomForIsNotRefused() {
    HeapRoom.require(1 << 20, "a weight");
    assertEquals(7, HeapRoom.floats(7, "a weight").length);
  }

  @Test
  void aChunkFitsIntoTheSmallestRegionTwice() {
    // The header included.
    assertTrue(ChunkedBytes.CHUNK + 16 < (1 << 20) / 2);
  }
}
