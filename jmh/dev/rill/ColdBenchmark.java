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
 * The first step, and the first thousand, of LSTM 64→128 in a new process, under each kernel choice: bar 8. What a whole
 * process takes, {@link Cold} measures.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class ColdBenchmark {
  private static final int FORKS = 9;

  @Param({"1", "1000"})
  public int steps;

  private Session session;
  private float[] x;
  private float[] y;

  @Setup
  public void open() {
    session = Layers.network("lstm", "64->128", false, false).session(1);
    x = Layers.data(64);
    y = new float[128];
  }

  @Benchmark
  @Fork(value = FORKS, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
  public float[] auto() {
    return first();
  }

  @Benchmark
  @Fork(value = FORKS, jvmArgsAppend = "-Drill.kernels=scalar")
  public float[] scalar() {
    return first();
  }

  @Benchmark
  @Fork(value = FORKS, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
  public float[] simd() {
    return first();
  }

  private float[] first() {
    for (int i = 0; i < steps; i++) {
      session.step(x, y);
    }
    return y;
  }
}
