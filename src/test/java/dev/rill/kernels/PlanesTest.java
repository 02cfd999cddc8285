package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.Samples;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** State in place: rows are set, copied, cleared and added one by one. */
class PlanesTest {
  private static final int[] UNITS = {5, 33};

  private static Planes filled(int rows) {
    Planes planes = new Planes(UNITS, rows);
    for (int p = 0; p < UNITS.length; p++) {
      planes.set(p, Samples.floats(p, rows * UNITS[p], 1));
    }
    return planes;
  }

  private static float[] row(Planes planes, int plane, int row) {
    float[] all = new float[planes.rows() * UNITS[plane]];
    planes.get(plane, all);
    return Arrays.copyOfRange(all, row * UNITS[plane], (row + 1) * UNITS[plane]);
  }

  @Test
  void whatIsSetIsGot() {
    Planes planes = filled(4);
    for (int p = 0; p < UNITS.length; p++) {
      float[] all = new float[4 * UNITS[p]];
      planes.get(p, all);
      assertArrayEquals(Samples.floats(p, 4 * UNITS[p], 1), all);
    }
  }

  @Test
  void rowsArePaddedToTheSameStrideWhateverTheWidth() {
    Planes planes = new Planes(UNITS, 2);
    assertEquals(16, planes.stride(0));
    assertEquals(48, planes.stride(1));
    assertEquals(4 * 2 * (16 + 48), Planes.bytes(UNITS, 2));
  }

  @Test
  void resetOfARowLeavesTheOthers() {
    Planes planes = filled(3);
    planes.reset(1);
    for (int p = 0; p < UNITS.length; p++) {
      assertArrayEquals(row(filled(3), p, 0), row(planes, p, 0));
      assertArrayEquals(new float[UNITS[p]], row(planes, p, 1));
      assertArrayEquals(row(filled(3), p, 2), row(planes, p, 2));
    }
  }

  @Test
  void copyWritesOneRowOfEveryPlane() {
    Planes planes = filled(3);
    planes.copy(2, 0);
    for (int p = 0; p < UNITS.length; p++) {
      assertArrayEquals(row(filled(3), p, 2), row(planes, p, 0));
      assertArrayEquals(row(filled(3), p, 1), row(planes, p, 1));
    }
  }

  @Test
  void resizedPlanesKeepTheRowsThatStayAndAddZeros() {
    Planes planes = filled(3).resized(1).resized(4);
    assertEquals(4, planes.rows());
    for (int p = 0; p < UNITS.length; p++) {
      assertArrayEquals(row(filled(3), p, 0), row(planes, p, 0));
      assertArrayEquals(new float[UNITS[p]], row(planes, p, 1));
      assertArrayEquals(new float[UNITS[p]], row(planes, p, 3));
    }
  }
}
