package dev.rill.engine.ops;

/** Numbers of several steps in one place: the largest, or the mean, which is their sum in order, divided by how many there are. */
final class PooledSteps {
  private PooledSteps() {}

  /** Takes one more step in. */
  static void add(boolean max, int width, float[] x, int at, float[] y, int to) {
    if (max) {
      for (int j = 0; j < width; j++) {
        y[to + j] = Math.max(y[to + j], x[at + j]);
      }
    } else {
      for (int j = 0; j < width; j++) {
        y[to + j] += x[at + j];
      }
    }
  }

  /** Ends when all have been taken in. */
  static void end(boolean max, int count, int width, float[] y, int to) {
    for (int j = 0; !max && j < width; j++) {
      y[to + j] /= count;
    }
  }
}
