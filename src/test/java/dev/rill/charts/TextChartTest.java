package dev.rill.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import org.junit.jupiter.api.Test;

class TextChartTest {
  private static String lines(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  @Test
  void bothSeriesAreMarkedAboveTheirYears() {
    String chart = new TextChart(3, 7).series('o', 0, 1, 2, 2, 0, 0, 0).series('x', 2, 1, 0, 1, 0, 1, 0)
        .labels("1999", "1999", "1999", "2000", "2000", "2000", "2000").text();
    // Where the first year's label ends there is no room left for the next.
    assertEquals(lines("    2.0 |x oo", "    1.0 | * x x", "    0.0 |o x *o*", "        +1999---"), chart);
  }

  @Test
  void neighboursShareAColumnWhereThereAreMany() {
    assertEquals(lines("   0.50 |  o", "   0.25 | o", "   0.00 |o", "        +----"),
        new TextChart(3, 4).series('o', 0, 0, 0.25, 0.25, 0.5, 0.5).text());
  }

  @Test
  void numbersTellRowsApart() {
    assertEquals(lines(" 0.0020 |o", " 0.0010 |", " 0.0000 | o", "        +--"), new TextChart(3, 2).series('o', 2e-3, 0).text());
    assertEquals(lines("3.0e+20 |o", "1.5e+20 |", "0.0e+00 | o", "        +--"), new TextChart(3, 2).series('o', 3e20, 0).text());
    assertEquals(lines("    300 |o", "    150 |", "      0 | o", "        +--"), new TextChart(3, 2).series('o', 300, 0).text());
  }

  @Test
  void whatIsNotFiniteHasNoPlace() {
    assertEquals(lines("        |", "        |", "        +--"), new TextChart(2, 2).series('o', Double.NaN).text());
    assertEquals(lines("1.0e+00 |", "1.0e+00 |o", "        +--"), new TextChart(2, 2).series('o', 1, Double.POSITIVE_INFINITY).text());
    assertThrows(ShapeException.class, () -> new TextChart(1, 9));
    assertThrows(RillException.class, () -> new TextChart(Integer.MAX_VALUE, Integer.MAX_VALUE));
  }
}
