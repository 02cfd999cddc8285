package dev.rill;

import dev.rill.training.Batch;
import dev.rill.training.Logs;
import dev.rill.training.TrainingThreads;
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

/** What a training batch of 50 steps costs as it grows in units or rows, on one thread. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ScaleTrainingBenchmark {
  private static final int STEPS = 50;

  /** Half as many inputs as units, 32 rows. */
  @State(Scope.Thread)
  public static class Units {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"16", "32", "64", "128", "256", "512"})
    public int units;

    private Model model;
    private Batch batch;

    @Setup
    public void open() {
      String size = units / 2 + "->" + units;
      model = Layers.training(layer, size, STEPS, TrainingThreads.callerOnly());
      batch = Layers.batch(size, 32, STEPS);
    }
  }

  /** 64→128. */
  @State(Scope.Thread)
  public static class Rows {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"1", "2", "4", "8", "32", "128"})
    public int rows;

    private Model model;
    private Batch batch;

    @Setup
    public void open() {
      model = Layers.training(layer, "64->128", STEPS, TrainingThreads.callerOnly());
      batch = Layers.batch("64->128", rows, STEPS);
    }
  }

  @Benchmark
  public Logs units(Units of) {
    return of.model.trainOnBatch(of.batch);
  }

  @Benchmark
  public Logs rows(Rows of) {
    return of.model.trainOnBatch(of.batch);
  }
}
