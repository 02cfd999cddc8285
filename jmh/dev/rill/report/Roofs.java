package dev.rill.report;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the machine can do at all, measured by {@code RoofBenchmark} in the same run. */
final class Roofs {
  private static final double PEAK_FLOPS = 2.0 * dev.rill.kernels.RoofBenchmark.PEAK_OPERATIONS;

  /** GB/s by kilobytes. */
  private final SortedMap<Double, Double> bandwidth = new TreeMap<>();
  private final double peak;

  Roofs(Results results) {
    results.series("RoofBenchmark.stream", Map.of(), "kilobytes")
        .forEach((kilobytes, nanos) -> bandwidth.put(kilobytes, kilobytes * 1024 / nanos));
    peak = PEAK_FLOPS / results.best("RoofBenchmark.peak", Map.of());
  }

  boolean measured() {
    return !bandwidth.isEmpty() && peak > 0;
  }

  SortedMap<Double, Double> bandwidth() {
    return bandwidth;
  }

  /** GFLOP/s of multiply-adds. */
  double peak() {
    return peak;
  }

  /** Nanoseconds to load so many bytes once, again and again; between two measured sizes by the logarithm. */
  double loading(double bytes) {
    double kilobytes = Math.max(bandwidth.firstKey(), Math.min(bandwidth.lastKey(), bytes / 1024));
    if (bandwidth.containsKey(kilobytes)) {
      return bytes / bandwidth.get(kilobytes);
    }
    double below = bandwidth.headMap(kilobytes).lastKey();
    double above = bandwidth.tailMap(kilobytes).firstKey();
    double share = Math.log(kilobytes / below) / Math.log(above / below);
    return bytes / (bandwidth.get(below) * (1 - share) + bandwidth.get(above) * share);
  }

  /** Nanoseconds that a step cannot beat: its weights must be loaded once and its operations done for each row. */
  double step(Cell cell, int rows) {
    return Math.max(loading(cell.bytes()), rows * cell.flops() / peak);
  }

  /**
   * Nanoseconds a step that a stretch of steps, one row, cannot beat if it is done in two: the kernel's operations for all steps,
   * which loads the kernel once, then step by step the recurrent kernel, which must be loaded for each.
   */
  double stretch(Cell cell, int steps) {
    double kernel = cell.inputs / (double) (cell.inputs + cell.units);
    double loading = loading(cell.bytes());
    return loading * (1 - kernel) + Math.max(loading * kernel / steps, cell.flops() * kernel / peak);
  }

  /** One recurrent layer: how large its weights are and how many operations a row and step take. */
  record Cell(String layer, int inputs, int units) {
    private double gates() {
      return layer.equals("lstm") ? 4 : 3;
    }

    double bytes() {
      return 4 * (gates() * (inputs + units) * units + 4 * units);
    }

    double flops() {
      return 2 * gates() * (inputs + units) * units;
    }
  }
}
