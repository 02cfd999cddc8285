package dev.rill.cli;

import dev.rill.io.Json;
import dev.rill.io.JsonBool;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import java.util.List;
import java.util.Locale;

/** What the meters of all threads have found, as one JSON object or as a table. */
final class BenchResult {
  private final Workload work;
  private final int threads;
  private final String kernels;
  private final int block;
  private final long timer;
  private final Histogram singles = new Histogram();
  private final Histogram blocks = new Histogram();
  private long calls;
  private long bytes;

  BenchResult(Workload work, int threads, List<Meter> meters, String kernels, int block, long timer) {
    this.work = work;
    this.threads = threads;
    this.kernels = kernels;
    this.block = block;
    this.timer = timer;
    for (Meter meter : meters) {
      singles.add(meter.singles());
      blocks.add(meter.blocks());
      calls += meter.count();
      bytes = bytes < 0 || meter.bytes() < 0 ? AllocatedBytes.UNKNOWN : bytes + meter.bytes();
    }
  }

  private double low(double share) {
    return block == 1 ? singles.percentile(share) : blocks.percentile(share) / (double) block;
  }

  private double min() {
    return block == 1 ? singles.min() : blocks.min() / (double) block;
  }

  private double gflops() {
    return work.flops() / low(0.5);
  }

  private double bytesPerCall() {
    return bytes < 0 ? AllocatedBytes.UNKNOWN : bytes / (double) calls;
  }

  String json() {
    JsonObject nanos = JsonObject.EMPTY.with("min", number(min())).with("p50", number(low(0.5)))
        .with("p90", number(low(0.9))).with("p99", number(singles.percentile(0.99)))
        .with("p999", number(singles.percentile(0.999))).with("max", number(singles.max()));
    return Json.write(JsonObject.EMPTY.with("layer", new JsonString(work.name())).with("input", number(work.inputs()))
        .with("units", number(work.units())).with("batch", number(work.rows())).with("steps", number(work.steps()))
        .with("train", new JsonBool(work.training() != null)).with("threads", number(threads)).with("kernels", new JsonString(kernels))
        .with("calls", number(calls)).with("ns_per_call", nanos)
        .with("ns_per_step_p50", number(low(0.5) / work.steps())).with("gflops_p50", number(gflops()))
        .with("bytes_per_call", number(bytesPerCall())).with("block", number(block)).with("timer_ns", number(timer)));
  }

  /** Two digits behind the point are more than any clock can mean. */
  private static JsonNumber number(double value) {
    double rounded = Math.rint(100 * value) / 100;
    return rounded == (long) rounded ? JsonNumber.of((long) rounded) : JsonNumber.of(rounded);
  }

  String table() {
    StringBuilder table = new StringBuilder(Lines.of("", "  ", work.name() + ": " + work.layers()));
    table.append(format("a %s: batch %d, steps %d; threads %d%n", work.training() == null ? "call" : "training batch", work.rows(),
        work.steps(), threads));
    table.append(Lines.of("", "  ", "kernels: " + kernels)).append('\n');
    table.append(format("%-8s%12s%12s%12s%12s%12s%12s%n", "", "min", "p50", "p90", "p99", "p99.9", "max"));
    table.append(format("%-8s%,12.0f%,12.0f%,12.0f%,12d%,12d%,12d%n%n", "ns/call", min(), low(0.5), low(0.9),
        singles.percentile(0.99), singles.percentile(0.999), singles.max()));
    table.append(format("%,.1f ns a step, %.1f GFLOP/s (p50), ", low(0.5) / work.steps(), gflops()));
    table.append(allocation()).append('\n');
    table.append(format("%,d calls", calls));
    table.append(block == 1 ? "" : format("; min, p50 and p90 from blocks of %d calls", block));
    return table.append(format("; clock %d ns%n", timer)).toString();
  }

  /** The same in a line for people who did not ask for a table. */
  String line() {
    return format("p50 %.0f ns, p99 %d ns, p99.9 %d ns; ", low(0.5), singles.percentile(0.99),
        singles.percentile(0.999)) + allocation();
  }

  private String allocation() {
    String unit = work.steps() == 1 ? "step" : "call";
    return bytes < 0 ? "bytes allocated a " + unit + " unknown"
        : format("%.1f bytes allocated a %s", bytesPerCall(), unit).replace(".0 ", " ");
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
