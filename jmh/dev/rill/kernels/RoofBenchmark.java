package dev.rill.kernels;

import dev.rill.variables.Weights;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
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
 * The roofs: how fast weights can be loaded at all, with one multiply-add a vector and nothing else, and how many
 * multiply-adds there can be with nothing to load. No step takes less than its weights' share of the one, no batch less
 * than its operations' share of the other; compare in one run.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoofBenchmark {
  /** Multiply-adds of one call of {@link #peak}, as many as a step of LSTM 256->256 has. */
  public static final int PEAK_OPERATIONS = 1 << 19;

  private static final VectorSpecies<Float> S = VectorKernels.SPECIES;

  /** Weights that stay in a cache, or do not, and lie as a model's do. */
  @State(Scope.Thread)
  public static class Weights {
    @Param({"16", "128", "512", "2048", "8192", "32768", "131072"})
    public int kilobytes = 512;

    private float[] data;
    private int from;
    private int to;

    @Setup
    public void fill() {
      Arena.Place place = Arena.place(kilobytes * 256);
      data = place.data();
      from = place.at();
      to = from + kilobytes * 256;
    }
  }

  @Benchmark
  public float stream(Weights weights) {
    final float[] w = weights.data;
    final int to = weights.to;
    final int l = S.length();
    FloatVector v = FloatVector.broadcast(S, 1.5f);
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    for (int i = weights.from; i < to; i += 8 * l) {
      a0 = v.fma(FloatVector.fromArray(S, w, i), a0);
      a1 = v.fma(FloatVector.fromArray(S, w, i + l), a1);
      a2 = v.fma(FloatVector.fromArray(S, w, i + 2 * l), a2);
      a3 = v.fma(FloatVector.fromArray(S, w, i + 3 * l), a3);
      a4 = v.fma(FloatVector.fromArray(S, w, i + 4 * l), a4);
      a5 = v.fma(FloatVector.fromArray(S, w, i + 5 * l), a5);
      a6 = v.fma(FloatVector.fromArray(S, w, i + 6 * l), a6);
      a7 = v.fma(FloatVector.fromArray(S, w, i + 7 * l), a7);
    }
    return a0.add(a1).add(a2.add(a3)).add(a4.add(a5).add(a6.add(a7))).reduceLanes(VectorOperators.ADD);
  }

  // Sixteen chains: two units, each four cycles long, are busy with eight.
  @Benchmark
  public float peak() {
    final int count = PEAK_OPERATIONS / (16 * S.length());
    final FloatVector v = FloatVector.broadcast(S, 0.5f);
    FloatVector a0 = FloatVector.broadcast(S, 1f);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    FloatVector a8 = a0;
    FloatVector a9 = a0;
    FloatVector a10 = a0;
    FloatVector a11 = a0;
    FloatVector a12 = a0;
    FloatVector a13 = a0;
    FloatVector a14 = a0;
    FloatVector a15 = a0;
    for (int i = 0; i < count; i++) {
      a0 = v.fma(v, a0);
      a1 = v.fma(v, a1);
      a2 = v.fma(v, a2);
      a3 = v.fma(v, a3);
      a4 = v.fma(v, a4);
      a5 = v.fma(v, a5);
      a6 = v.fma(v, a6);
      a7 = v.fma(v, a7);
      a8 = v.fma(v, a8);
      a9 = v.fma(v, a9);
      a10 = v.fma(v, a10);
      a11 = v.fma(v, a11);
      a12 = v.fma(v, a12);
      a13 = v.fma(v, a13);
      a14 = v.fma(v, a14);
      a15 = v.fma(v, a15);
    }
    return a0.add(a1).add(a2.add(a3)).add(a4.add(a5).add(a6.add(a7)))
        .add(a8.add(a9).add(a10.add(a11)).add(a12.add(a13).add(a14.add(a15)))).reduceLanes(VectorOperators.ADD);
  }
}
