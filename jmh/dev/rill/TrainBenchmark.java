package dev.rill;

import dev.rill.training.Batch;
import dev.rill.training.Logs;
import dev.rill.training.TrainingThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One training batch, forward, backward and RMSprop, of an LSTM and a softmax on its last step: bar 5. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class TrainBenchmark {
  /** Rows, steps, inputs, units. */
  @Param({"32,10,16,32", "32,50,64,128", "64,100,128,256"})
  public String shape;

  @Param({"1", "2"})
  public int threads;

  private Model model;
  private Batch batch;
  private ExecutorService executor;

  @Setup
  public void open() {
    String[] sizes = shape.split(",");
    int rows = Integer.parseInt(sizes[0]);
    int steps = Integer.parseInt(sizes[1]);
    String size = sizes[2] + "->" + sizes[3];
    executor = threads > 1 ? Executors.newFixedThreadPool(threads - 1) : null;
    model = Layers.training("lstm", size, steps, executor == null ? TrainingThreads.callerOnly() : TrainingThreads.of(executor, threads));
    batch = Layers.batch(size, rows, steps);
  }

  @TearDown
  public void close() {
    if (executor != null) {
      executor.shutdown();
    }
  }

  @Benchmark
  public Logs batch() {
    return model.trainOnBatch(batch);
  }
}
