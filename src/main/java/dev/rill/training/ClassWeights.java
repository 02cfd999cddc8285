package dev.rill.training;

import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.Map;

/** How much each class counts, as weights of samples or, for targets at every step, of their steps. */
final class ClassWeights {
  private ClassWeights() {}

  /**
   * The class is the first largest of a row of targets, or their only number rounded to an integer; a class that is not listed
   * counts 1, as in Keras.
   */
  static Tensor of(Map<Integer, Double> weights, Tensor y, int width) {
    int samples = y.shape().axis(0);
    int floats = y.size() / samples;
    if (floats % width != 0) {
      throw new ShapeException("targets of shape " + y.shape() + ": expected " + width + " numbers a sample or step");
    }
    int steps = floats / width;
    Tensor result = steps == 1 ? Tensor.zeros(samples) : Tensor.zeros(samples, steps);
    for (int i = 0; i < samples * steps; i++) {
      int at = y.offset() + i / steps * y.stride() + i % steps * width;
      result.array()[i] = (float) (double) weights.getOrDefault(classOf(y.array(), at, width), 1.0);
    }
    return result;
  }

  private static int classOf(float[] y, int at, int width) {
    return width == 1 ? (int) Math.rint(y[at]) : Sampling.argMax(y, at, width);
  }
}
