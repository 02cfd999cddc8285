package dev.rill;

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

/** Sessions of one row on one model, 64→128, stepped in turn on one workspace: the time of a step, the memory of a session. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Xmx1g"})
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class ScaleSessionsBenchmark {
  @Param({"lstm", "gru"})
  public String layer;

  @Param({"1", "10", "100", "1000", "10000", "100000"})
  public int sessions;

  private Session[] all;
  private int next;
  private long bytes;
  private float[] x;
  private float[] y;

  /** What the heap has grown by, beside the time of a step. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Heap {
    private long bytes;

    @Setup
    public void ask(ScaleSessionsBenchmark benchmark) {
      bytes = benchmark.bytes;
    }

    public long bytesPerSession() {
      return bytes;
    }
  }

  @Setup
  public void open() {
    Network network = Layers.network(layer, "64->128", false, true);
    Workspace workspace = network.workspace();
    x = Layers.data(64);
    y = new float[128];
    network.session(1, workspace).step(x, y);
    all = new Session[sessions];
    long before = used();
    for (int i = 0; i < sessions; i++) {
      all[i] = network.session(1, workspace);
    }
    bytes = (used() - before) / sessions;
  }

  private static long used() {
    // Twice: what the first finds dead, the second finds gone.
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Benchmark
  public float[] inTurn(Heap heap) {
    all[next].step(x, y);
    next = next + 1 == sessions ? 0 : next + 1;
    return y;
  }
}
