package dev.rill.kernels;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Sigmoid, tanh and exp over an array in the first-level cache, time per element: bar 10. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementaryBenchmark {
  public static final int COUNT = 1024;

  private final Kernels kernels = KernelChoice.current();
  private final float[] source = new float[COUNT];
  private final float[] a = new float[COUNT];

  @Setup
  public void fill() {
    for (int i = 0; i < COUNT; i++) {
      source[i] = (i * 37 % COUNT - COUNT / 2) / 64f;
    }
  }

  // A function applied to its own results would soon see one value only.
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public float[] copyOnly() {
    System.arraycopy(source, 0, a, 0, COUNT);
    return a;
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public float[] sigmoid() {
    System.arraycopy(source, 0, a, 0, COUNT);
    kernels.sigmoid(a, 0, COUNT);
    return a;
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public float[] tanh() {
    System.arraycopy(source, 0, a, 0, COUNT);
    kernels.tanh(a, 0, COUNT);
    return a;
  }

  @Benchmark
  @OperationsPerInvocation(COUNT)
  public float[] exp() {
    System.arraycopy(source, 0, a, 0, COUNT);
    kernels.exp(a, 0, COUNT);
    return a;
  }
}
