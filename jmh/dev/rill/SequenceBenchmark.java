package dev.rill;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A hundred time steps in one call, time per step: bars 3, 4 and, with {@code -prof gc}, 6. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class SequenceBenchmark {
  private static final int STEPS = 100;

  @Param({"lstm", "gru"})
  public String layer;

  @Param({"16->32", "64->64", "64->128", "128->256", "512->512"})
  public String size;

  @Param({"1", "32"})
  public int rows;

  private Session session;
  private float[] x;
  private float[] y;

  @Setup
  public void open() {
    Network network = Layers.network(layer, size, true, true);
    session = network.session(rows);
    x = Layers.data(rows * STEPS * Layers.inputs(size));
    y = new float[rows * STEPS * Layers.units(size)];
  }

  @Benchmark
  @OperationsPerInvocation(STEPS)
  public float[] run() {
    session.run(STEPS, x, y);
    return y;
  }
}
