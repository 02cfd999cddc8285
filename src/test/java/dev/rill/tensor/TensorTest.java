package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Tensors are views of flat arrays; shapes are checked in long arithmetic. */
class TensorTest {
  private static Tensor counting(int... axes) {
    Tensor t = Tensor.zeros(axes);
    for (int i = 0; i < t.size(); i++) {
      t.array()[i] = i;
    }
    return t;
  }

  @Test
  void elementsAreRowMajor() {
    Tensor t = counting(2, 3, 4);
    assertEquals(1 * 12 + 2 * 4 + 3, t.get(1, 2, 3));
  }

  @Test
  void viewsShareTheArray() {
    Tensor t = counting(3, 4, 2);
    Tensor steps = t.steps(1, 3);
    assertSame(t.array(), steps.array());
    assertEquals(Shape.of(3, 2, 2), steps.shape());
    assertArrayEquals(new float[] {2, 3, 4, 5, 10, 11, 12, 13, 18, 19, 20, 21}, steps.toArray());
    Tensor row = steps.row(1);
    assertEquals(Shape.of(2, 2), row.shape());
    assertArrayEquals(new float[] {10, 11, 12, 13}, row.toArray());
    assertArrayEquals(new float[] {12, 13}, row.row(1).toArray());
    row.set(-1, 0, 1);
    assertEquals(-1, t.get(1, 1, 1));
    Tensor rows = t.rows(1, 3);
    assertEquals(Shape.of(2, 4, 2), rows.shape());
    assertEquals(8, rows.get(0, 0, 0));
    assertEquals(Shape.of(2, 0, 2), rows.steps(1, 1).shape());
    assertEquals(0, rows.steps(1, 1).toArray().length);
  }

  @Test
  void stepsOfAViewOfStepsStartWhereTheViewStarts() {
    Tensor t = counting(2, 6, 1);
    assertArrayEquals(new float[] {3, 9}, t.steps(1, 5).steps(2, 3).toArray());
    assertArrayEquals(new float[] {9}, t.steps(1, 5).rows(1, 2).steps(2, 3).toArray());
  }

  @Test
  void rangesAndIndicesOutsideAreRefused() {
    Tensor t = counting(2, 3);
    assertThrows(ShapeException.class, () -> t.rows(0, 3));
    assertThrows(ShapeException.class, () -> t.rows(-1, 1));
    assertThrows(ShapeException.class, () -> t.rows(2, 1));
    assertThrows(ShapeException.class, () -> t.row(2));
    assertThrows(ShapeException.class, () -> t.steps(0, 4));
    assertThrows(ShapeException.class, () -> t.row(0).steps(0, 1));
    assertThrows(ShapeException.class, () -> t.get(0));
    assertThrows(ShapeException.class, () -> t.get(0, 3));
    assertThrows(ShapeException.class, () -> t.set(1, -1, 0));
  }

  @Test
  void arraysMustHaveTheSizeOfTheShape() {
    assertThrows(ShapeException.class, () -> Tensor.of(new float[5], 2, 3));
    assertThrows(ShapeException.class, () -> Tensor.of(new float[6], 2, Shape.UNKNOWN));
  }

  @Test
  void integersConvertExactlyOrAreRefused() {
    assertEquals(1 << 24, Tensor.of(new int[] {1 << 24}, 1).get(0));
    assertEquals(Integer.MIN_VALUE, Tensor.of(new int[] {Integer.MIN_VALUE}, 1).get(0));
    assertThrows(UnsupportedException.class, () -> Tensor.of(new int[] {(1 << 24) + 1}, 1));
    assertThrows(UnsupportedException.class, () -> Tensor.of(new int[] {Integer.MAX_VALUE}, 1));
  }

  @Test
  void sizesBeyondAnArrayAreATypedError() {
    assertThrows(ShapeException.class, () -> Tensor.zeros(1 << 20, 1 << 20));
    assertThrows(ShapeException.class, () -> Shape.of(1 << 16, 1 << 16, 1 << 16, 1 << 16).size());
    assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
  }

  @Test
  void shapesPrintAsInKeras() {
    assertEquals("(None, 10, 16)", Shape.of(Shape.UNKNOWN, 10, 16).toString());
    assertEquals("(3,)", Shape.of(3).toString());
    assertEquals("()", Shape.of().toString());
  }

  @Test
  void aShapeAcceptsWhatItDoesNotContradict() {
    Shape open = Shape.of(Shape.UNKNOWN, 10, 16);
    assertTrue(open.accepts(Shape.of(3, 10, 16)));
    assertTrue(!open.accepts(Shape.of(3, 11, 16)));
    assertTrue(!open.accepts(Shape.of(10, 16)));
    assertEquals(Shape.of(4, 10, 16), open.with(0, 4));
    assertEquals(Shape.of(Shape.UNKNOWN, 10, 5), open.with(-1, 5));
    assertThrows(ShapeException.class, () -> Shape.of(-2));
    assertThrows(ShapeException.class, open::size);
  }
}
