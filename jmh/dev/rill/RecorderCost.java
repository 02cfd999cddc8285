package dev.rill;

import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a recorder costs a step: sessions that never had one, that had one once, and that have one, in short turns, so that a machine
 * that is slow or shared is so for all.
 */
public final class RecorderCost {
  private static final int ROUNDS = 500;
  private static final int STEPS = 50;
  private static final int KEPT = 1000;
  private static final String[] ARMS = {"never recorded", "recorded once", "states", "states and gates"};

  private RecorderCost() {}

  public static void main(String[] arguments) {
    System.out.printf("median ns of a step of an LSTM, 1 row; recorders of %d steps%n%-10s", KEPT, "size");
    for (String arm : ARMS) {
      System.out.printf(" %18s", arm);
    }
    System.out.println();
    for (int[] size : new int[][] {{16, 32}, {64, 128}, {128, 256}}) {
      Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, size[0]), new LSTM(size[1]).returnSequences(true));
      model.initialize(1);
      Network network = model.freeze();
      network.warmUp(Duration.ofSeconds(20));
      Session[] sessions = new Session[ARMS.length];
      Arrays.setAll(sessions, arm -> network.session(1));
      sessions[1].record(KEPT, true);
      sessions[2].record(KEPT, false);
      sessions[3].record(KEPT, true);
      float[] x = new float[size[0]];
      Arrays.fill(x, 0.5f);
      float[] y = new float[size[1]];
      // The first time compiles.
      inTurn(sessions, x, y);
      sessions[1].stopRecording();
      inTurn(sessions, x, y);
      double[] nanos = inTurn(sessions, x, y);
      System.out.printf("%-10s", size[0] + "->" + size[1]);
      for (double each : nanos) {
        System.out.printf(Locale.ROOT, " %10.0f (%.3f)", each, each / nanos[0]);
      }
      System.out.println();
    }
  }

  private static double[] inTurn(Session[] sessions, float[] x, float[] y) {
    double[][] nanos = new double[sessions.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < sessions.length; i++) {
        int arm = (i + round) % sessions.length;
        long from = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
          sessions[arm].step(x, y);
        }
        nanos[arm][round] = (System.nanoTime() - from) / (double) STEPS;
      }
    }
    double[] medians = new double[sessions.length];
    for (int arm = 0; arm < medians.length; arm++) {
      Arrays.sort(nanos[arm]);
      medians[arm] = nanos[arm][ROUNDS / 2];
    }
    return medians;
  }
}
