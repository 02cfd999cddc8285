package dev.rill;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Single steps, each with a time of its own, in windows of a second: bar 7 is the median over windows of p99.9 / p50. Beside
 * it a loop that only reads the clock: what the machine itself does to a thread. {@code jmh/measure tail} prints both.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 2, time = 1)
// An iteration is a window.
@Measurement(iterations = 15, time = 1)
public class TailBenchmark {
  /** One step of one row. */
  @State(Scope.Thread)
  public static class Stream {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"64->64", "64->128", "128->256"})
    public String size;

    private Session session;
    private float[] x;
    private float[] y;

    @Setup
    public void open() {
      session = Layers.network(layer, size, false, true).session(1);
      x = Layers.data(Layers.inputs(size));
      y = new float[Layers.units(size)];
    }
  }

  /** Readings of the clock that take about as long as the steps. */
  @State(Scope.Thread)
  public static class Clock {
    @Param({"64", "192"})
    public int readings;
  }

  @Benchmark
  public float[] step(Stream of) {
    of.session.step(of.x, of.y);
    return of.y;
  }

  @Benchmark
  public long clock(Clock of) {
    long last = 0;
    for (int i = 0; i < of.readings; i++) {
      last = System.nanoTime();
    }
    return last;
  }
}
