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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call costs as it grows in one direction: units, rows, time steps, sessions at once. Everything is measured as
 * users meet it, under {@code auto} and after the hand-over. {@code jmh/measure scale} makes tables and plots of it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// Many points, each short: one that is off its neighbours' line is measured again with three forks.
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ScaleBenchmark {
  /** A session and data for its calls. */
  static final class Call {
    final Session session;
    final int steps;
    final float[] x;
    final float[] y;

    Call(Network network, int rows, int steps) {
      session = network.session(rows);
      this.steps = steps;
      x = Layers.data(rows * steps * network.inputFeatures(0));
      y = new float[rows * steps * network.outputFeatures(0)];
    }

    float[] run() {
      if (steps == 1) {
        session.step(x, y);
      } else {
        session.run(steps, x, y);
      }
      return y;
    }
  }

  /** As many inputs as units. */
  @State(Scope.Thread)
  public static class Units {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"8", "16", "32", "64", "128", "256", "512", "1024", "2048"})
    public int units;

    private Call call;

    @Setup
    public void open() {
      call = new Call(Layers.network(layer, units + "->" + units, false, true), 1, 1);
    }
  }

  /** Every number of rows up to 16: what is left over by a tile of rows must not cost a whole one. */
  @State(Scope.Thread)
  public static class Rows {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "32", "64", "128", "256",
        "512"})
    public int rows;

    private Call call;

    @Setup
    public void open() {
      call = new Call(Layers.network(layer, "64->128", false, true), rows, 1);
    }
  }

  /** Time steps in one call. */
  @State(Scope.Thread)
  public static class Steps {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"1", "3", "10", "30", "100", "300", "1000"})
    public int steps;

    private Call call;

    @Setup
    public void open() {
      call = new Call(Layers.network(layer, "64->128", true, true), 1, steps);
    }
  }

  /** One network for all threads. */
  @State(Scope.Benchmark)
  public static class Shared {
    @Param({"lstm", "gru"})
    public String layer;

    @Param({"64->128", "512->512"})
    public String size;

    private Network network;

    @Setup
    public void open() {
      network = Layers.network(layer, size, false, true);
    }
  }

  /** A session for each. */
  @State(Scope.Thread)
  public static class Own {
    private Call call;

    @Setup
    public void open(Shared shared) {
      call = new Call(shared.network, 1, 1);
    }
  }

  @Benchmark
  public float[] units(Units of) {
    return of.call.run();
  }

  @Benchmark
  public float[] rows(Rows of) {
    return of.call.run();
  }

  @Benchmark
  public float[] steps(Steps of) {
    return of.call.run();
  }

  @Benchmark
  @Threads(1)
  public float[] oneThread(Own of) {
    return of.call.run();
  }

  @Benchmark
  @Threads(2)
  public float[] twoThreads(Own of) {
    return of.call.run();
  }
}
