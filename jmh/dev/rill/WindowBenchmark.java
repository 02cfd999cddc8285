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

/** Whole windows of 60 steps, time per call; with {@code -prof gc}, bytes. {@code measure peers} has ONNX Runtime beside it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class WindowBenchmark {
  private static final int STEPS = 60;
  private static final int INPUTS = 8;

  @Param({"stacked", "bidirectional", "convolution"})
  public String model;

  @Param({"1", "32"})
  public int rows;

  private Predictor predictor;
  private float[] x;
  private float[] y;

  @Setup
  public void open() {
    Network network = Layers.reader(model, INPUTS, 64);
    predictor = network.predictor();
    x = Layers.data(rows * STEPS * INPUTS);
    y = new float[rows * network.outputFeatures(0)];
  }

  @Benchmark
  public float[] run() {
    predictor.run(rows, STEPS, x, y);
    return y;
  }
}
