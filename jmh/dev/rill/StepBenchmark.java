package dev.rill;

import dev.rill.tensor.Precision;
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

/** One time step of a session, one row or some: bars 1, 2, 4, 11 ({@code -p weights=float32,bf16,int8}) and, with {@code -prof gc}, 6. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// Forks differ in what the compiler makes of the Vector API (JMH sample 13): three show it.
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class StepBenchmark {
  @Param({"lstm", "gru"})
  public String layer;

  @Param({"8->8", "16->16", "16->32", "32->32", "64->64", "64->128", "128->128", "128->256", "512->512", "1024->1024"})
  public String size;

  @Param({"1"})
  public int rows;

  @Param({"float32"})
  public String weights;

  private Session session;
  private float[] x;
  private float[] y;

  @Setup
  public void open() {
    Network network = Layers.network(layer, size, false, true, Precision.named(weights));
    session = network.session(rows);
    x = Layers.data(rows * Layers.inputs(size));
    y = new float[rows * Layers.units(size)];
  }

  @Benchmark
  public float[] step() {
    session.step(x, y);
    return y;
  }
}
