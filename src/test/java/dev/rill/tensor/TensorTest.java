package dev.rill.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

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
    row.set(0, 1, -1);
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
    assertThrows(ShapeException.class, () -> t.set(-1, 0, 1));
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
    assertEquals(Long.MAX_VALUE, Shape.of(1 << 30, 1 << 30, 1 << 30).elements());
    assertThrows(ShapeException.class, () -> Tensor.zeros(Integer.MAX_VALUE));
    // Nothing is nothing, wherever the 0 stands.
    assertEquals(0, Tensor.zeros(0, Integer.MAX_VALUE, Integer.MAX_VALUE).size());
    assertEquals(0, Tensor.zeros(Integer.MAX_VALUE, Integer.MAX_VALUE, 0).size());
  }

  @Test
  void tensorsAreEqualByShapeAndBits() {
    Tensor t = counting(3, 4, 2);
    assertEquals(t.steps(1, 3), Tensor.of(t.steps(1, 3).toArray(), 3, 2, 2));
    assertEquals(t.steps(1, 3).hashCode(), Tensor.of(t.steps(1, 3).toArray(), 3, 2, 2).hashCode());
    assertNotEquals(t, counting(3, 8));
    assertNotEquals(t, counting(4, 3, 2));
    assertEquals(Tensor.of(new float[] {Float.NaN}), Tensor.of(new float[] {Float.intBitsToFloat(0xffc12345)}));
    assertNotEquals(Tensor.of(new float[] {0f}), Tensor.of(new float[] {-0f}));
    assertEquals(counting(0, 3), counting(0, 3));
    assertNotEquals(t, null);
    assertEquals("Tensor(3, 1, 2) [2.0, 3.0, 10.0, 11.0, 18.0, 19.0]", t.steps(1, 2).toString());
    assertEquals("Tensor(10,) [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, ...]", counting(10).toString());
    assertEquals("Tensor() [0.0]", counting().toString());
    assertEquals("Tensor(2, 0) []", counting(2, 0).toString());
  }

  @Test
  void viewsOverlapWhereTheyShareAnElement() {
    Tensor t = counting(4, 4, 2);
    assertTrue(t.overlaps(t));
    assertTrue(t.rows(0, 2).overlaps(t.rows(1, 3)));
    assertTrue(t.rows(1, 3).steps(2, 4).overlaps(t.row(2)));
    assertTrue(Tensor.of(t.array(), 32).rows(13, 14).overlaps(t.steps(2, 3)));
    assertTrue(!t.rows(0, 2).overlaps(t.rows(2, 4)));
    assertTrue(!t.steps(0, 2).overlaps(t.steps(2, 4)));
    assertTrue(!Tensor.of(t.array(), 32).rows(14, 20).overlaps(t.steps(2, 3)));
    assertTrue(!t.rows(1, 1).overlaps(t));
    assertTrue(!t.overlaps(counting(4, 4, 2)));
  }

  @Test
  void whatIsNoTensorIsRefused() {
    Tensor t = counting(2, 3);
    List<Executable> calls = List.of(() -> Tensor.of((float[]) null, 1), () -> Tensor.of((int[]) null, 1),
        () -> Tensor.of(new float[1], (int[]) null), () -> Tensor.zeros((int[]) null), () -> Tensor.zeros(Shape.UNKNOWN),
        () -> t.get((int[]) null), () -> t.set((int[]) null, 1), () -> t.overlaps(null), () -> Shape.of(3).axis(1),
        () -> Shape.of(3).axis(-2), () -> Shape.of().axis(0), () -> Shape.of(3).with(3, 1), () -> Shape.of((int[]) null),
        () -> Shape.of(3).accepts(null), () -> t.shape().acceptsBatch(null));
    for (Executable call : calls) {
      assertThrows(RillException.class, call);
    }
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
