package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that become columns, and what lies around them. */
class TranspositionTest {
  private static final int COLUMNS = 5;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 19})
  void rowsBecomeColumnsAndNothingElseChanges(int rows) {
    int stride = COLUMNS + 2;
    int toStride = rows + 3;
    float[] from = new float[4 + rows * stride];
    for (int i = 0; i < from.length; i++) {
      from[i] = i + 1;
    }
    float[] to = new float[6 + COLUMNS * toStride];
    Transposition.copy(from, 4, stride, rows, COLUMNS, to, 6, toStride);
    for (int i = 0; i < to.length; i++) {
      int column = (i - 6) / toStride;
      int row = (i - 6) % toStride;
      assertEquals(i >= 6 && row < rows ? from[4 + row * stride + column] : 0, to[i]);
    }
  }
}
