package dev.rill.kernels;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.UnsupportedException;
import java.time.Duration;
import java.util.Arrays;

/** What {@link KernelChoiceTest} runs in a JVM of its own: prints what runs, what comes out, and how fast. */
public final class KernelProbe {
  private static final int IN = 16;
  private static final int UNITS = 32;

  private KernelProbe() {}

  /** Hash of some steps of a small model. */
  static int hash(Network network) {
    Session session = network.session(3);
    float[] y = new float[3 * UNITS];
    int hash = 0;
    for (int t = 0; t < 20; t++) {
      session.step(Samples.floats(t, 3 * IN, 3), y);
      for (float value : y) {
        hash = 31 * hash + Float.floatToIntBits(value);
      }
    }
    return hash;
  }

  static Network network() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(UNITS).returnSequences(true),
        new GRU(UNITS));
    model.initialize(1);
    return Samples.withBiases(model, 1).freeze();
  }

  public static void main(String... args) {
    Network network;
    try {
      network = network();
    } catch (UnsupportedException e) {
      System.out.println("refused: " + e.getMessage());
      return;
    }
    System.out.println("kernels: " + network.describe());
    System.out.println("lanes: " + KernelChoice.lanes());
    System.out.println("simd: " + KernelChoice.simd());
    System.out.println("hash: " + hash(network));
    if (Arrays.asList(args).contains("warm")) {
      network.warmUp(Duration.ofSeconds(30));
      System.out.println("warm: " + network.describe());
      System.out.println("warm hash: " + hash(network));
    }
    if (Arrays.asList(args).contains("time")) {
      Session session = network.session(1);
      float[] x = new float[IN];
      float[] y = new float[UNITS];
      long[] nanos = new long[1000];
      for (int i = 0; i < 3 * nanos.length; i++) {
        long start = System.nanoTime();
        session.step(x, y);
        nanos[i % nanos.length] = System.nanoTime() - start;
      }
      Arrays.sort(nanos);
      System.out.println("still: " + network.describe());
      System.out.println("nanos: " + nanos[nanos.length / 2]);
    }
  }
}
