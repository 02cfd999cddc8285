package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ChartTest {
  @Test
  void bothSeriesAreMarkedAboveTheirYears() {
    String[] dates = {"1999-10", "1999-11", "1999-12", "2000-01", "2000-02", "2000-03", "2000-04"};
    String chart = Chart.of(dates, new double[] {0, 1, 2, 2, 0, 0, 0}, new double[] {2, 1, 0, 1, 0, 1, 0}, 1, 3);
    // Where the first year's label ends there is no room left for the next.
    String expected =
        String.join("\n", "    2.0 |x oo", "    1.0 | * x x", "    0.0 |o x *o*", "        +1999---", "");
    assertEquals(expected, chart);
  }
}
