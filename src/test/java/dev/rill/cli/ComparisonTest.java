package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.NpyArray;
import dev.rill.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private final Comparison comparison = new Comparison();

  @BeforeEach
  void allow() {
    comparison.allow(0.5, 0.25);
  }

  @Test
  void bothTolerancesAdd() {
    comparison.number("a", -4, -5.5);
    assertNull(comparison.failure());
    assertEquals(1.5, comparison.largestAbsolute());
    assertEquals(0.375, comparison.largestRelative());
    comparison.number("b", -4, -5.625);
    assertEquals("b: expected -4.0, actual -5.625", comparison.failure());
  }

  @Test
  void theFirstDifferenceStays() {
    comparison.number("first", 0, 1);
    comparison.number("second", 0, 9);
    assertEquals("first: expected 0.0, actual 1.0", comparison.failure());
    assertEquals(9, comparison.largestAbsolute());
  }

  @Test
  void nanMatchesNanAlone() {
    comparison.number("a", Double.NaN, Double.NaN);
    assertNull(comparison.failure());
    comparison.number("b", Double.NaN, 0);
    assertEquals("b: expected NaN, actual 0.0", comparison.failure());
    assertEquals(Double.POSITIVE_INFINITY, comparison.largestAbsolute());
  }

  @Test
  void aNumberDoesNotMatchNan() {
    comparison.number("a", 0, Double.NaN);
    assertEquals("a: expected 0.0, actual NaN", comparison.failure());
  }

  @Test
  void anInfinityMatchesItselfAlone() {
    double infinity = Double.POSITIVE_INFINITY;
    comparison.number("a", infinity, infinity);
    comparison.number("b", -infinity, -infinity);
    assertNull(comparison.failure());
    comparison.number("c", infinity, Float.MAX_VALUE);
    assertEquals("c: expected Infinity, actual 3.4028235E38", comparison.failure());
  }

  @Test
  void aNumberDoesNotMatchAnInfinity() {
    comparison.number("a", 1e30, Double.POSITIVE_INFINITY);
    assertEquals("a: expected 1.0E30, actual Infinity", comparison.failure());
  }

  @Test
  void anArrayIsNamedWithItsIndex() {
    NpyArray expected = NpyArray.of(new float[] {0, 0, 0, 0, 7, 0}, 2, 3);
    comparison.array("y", expected, Tensor.of(new float[] {0, 0, 0, 0, 1, 0}, 2, 3));
    assertEquals("y [1, 1]: expected 7.0, actual 1.0", comparison.failure());
  }

  @Test
  void shapesMustBeEqual() {
    comparison.array("y", NpyArray.of(new float[6], 2, 3), Tensor.zeros(3, 2));
    assertEquals("y: expected shape (2, 3), actual (3, 2)", comparison.failure());
  }

  @Test
  void viewsAreComparedByTheirElements() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2, 1);
    comparison.array("y", NpyArray.of(new float[] {2, 4}, 2, 1, 1), x.steps(1, 2));
    assertEquals(0, comparison.largestAbsolute());
  }

  @Test
  void countsAndNamesMustBeEqual() {
    assertTrue(comparison.count("a", 2, 2));
    assertTrue(comparison.names("b", Set.of("x", "y"), List.of("y", "x")));
    assertNull(comparison.failure());
    assertFalse(comparison.names("c", Set.of("x", "y"), List.of("x")));
    assertFalse(comparison.count("d", 2, 1));
    assertEquals("c: expected [x, y], actual [x]", comparison.failure());
  }
}
