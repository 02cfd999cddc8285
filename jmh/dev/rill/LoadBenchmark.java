package dev.rill;

import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.variables.RandomUniform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * From a file to a network that is ready to step: bar 9. The third load counts: by itself, and while the thread that gets SIMD
 * compiled, which the first load has started, runs beside it. A file of your own: {@code -p file=...}; the
 * default one is made if it is not there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 5, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g"})
@Warmup(iterations = 2)
@Measurement(iterations = 1)
public class LoadBenchmark {
  private static final String MADE = "target/load.keras";

  @Param(MADE)
  public String file;

  /** The size of the file, beside the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Size {
    private long bytes;

    @Setup
    public void ask(LoadBenchmark benchmark) throws IOException {
      bytes = Files.size(Path.of(benchmark.file));
    }

    public long kilobytes() {
      return bytes / 1000;
    }
  }

  /** 4 (1024 + 1640 + 1) 1640 weights are 70 MB. */
  @Setup
  public void make() throws IOException {
    Path path = Path.of(file);
    if (file.equals(MADE) && Files.notExists(path)) {
      LSTM lstm = new LSTM(1640).recurrentInitializer(new RandomUniform(-0.05, 0.05));
      Sequential.of(Input.shape(Shape.UNKNOWN, 1024), lstm).save(path);
    }
  }

  @Benchmark
  @Fork(value = 5, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx2g", "-Drill.warmup=off"})
  public Network load(Size size) throws IOException {
    return Network.load(Path.of(file));
  }

  @Benchmark
  public Network loadWhileCompiling(Size size) throws IOException {
    return Network.load(Path.of(file));
  }
}
