package dev.rill.kernels;

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
 * The roof: how fast weights can be loaded at all, with one multiply-add a vector and nothing else. A step cannot take
 * less than its weights' share of this; compare in one run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Drill.kernels=512"})
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoofBenchmark {
  private static final VectorSpecies<Float> S = VectorCarrier.SPECIES;

  @Param({"16", "128", "512", "4096", "32768"})
  public int kilobytes;

  private float[] weights;

  @Setup
  public void fill() {
    weights = new float[kilobytes * 256];
  }

  @Benchmark
  public float stream() {
    final float[] w = weights;
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
    for (int i = 0; i < w.length; i += 8 * l) {
      a0 = FloatVector.fromArray(S, w, i).fma(v, a0);
      a1 = FloatVector.fromArray(S, w, i + l).fma(v, a1);
      a2 = FloatVector.fromArray(S, w, i + 2 * l).fma(v, a2);
      a3 = FloatVector.fromArray(S, w, i + 3 * l).fma(v, a3);
      a4 = FloatVector.fromArray(S, w, i + 4 * l).fma(v, a4);
      a5 = FloatVector.fromArray(S, w, i + 5 * l).fma(v, a5);
      a6 = FloatVector.fromArray(S, w, i + 6 * l).fma(v, a6);
      a7 = FloatVector.fromArray(S, w, i + 7 * l).fma(v, a7);
    }
    return a0.add(a1).add(a2.add(a3)).add(a4.add(a5).add(a6.add(a7))).reduceLanes(VectorOperators.ADD);
  }
}
