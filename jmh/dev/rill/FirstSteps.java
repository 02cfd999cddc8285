package dev.rill;

import java.io.IOException;
import java.nio.file.Path;

/** Loads the model that is named and prints how many nanoseconds its first step and its first thousand steps take. */
public final class FirstSteps {
  private static final int STEPS = 1000;

  private FirstSteps() {}

  public static void main(String[] arguments) throws IOException {
    Network network = Network.load(Path.of(arguments[0]));
    Session session = network.session(1);
    float[] x = new float[network.inputFeatures(0)];
    float[] y = new float[network.outputFeatures(0)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 37 % 64 - 32) / 32f;
    }
    long start = System.nanoTime();
    session.step(x, y);
    long first = System.nanoTime() - start;
    for (int i = 1; i < STEPS; i++) {
      session.step(x, y);
    }
    System.out.println(first + " " + (System.nanoTime() - start));
  }
}
