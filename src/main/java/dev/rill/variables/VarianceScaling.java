package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;

/**
 * Random numbers of variance scale / fan: Keras' {@code VarianceScaling}, which Glorot's, He's and LeCun's initializers are.
 *
 * <p>The fans of a matrix (inputs, outputs) are its axes, also where the columns are several gates; those of a vector are its
 * length, both.
 *
 * @param scale factor of the variance, positive
 * @param fan what to divide by
 * @param distribution how the numbers are spread
 */
public record VarianceScaling(double scale, Fan fan, Distribution distribution) implements Initializer {
  /** What the variance is divided by. */
  public enum Fan {
    /** Keras' {@code fan_in}. */
    INPUTS,
    /** Keras' {@code fan_out}. */
    OUTPUTS,
    /** Keras' {@code fan_avg}. */
    AVERAGE
  }

  /** How the numbers are spread. */
  public enum Distribution {
    /** Keras' {@code uniform}: within sqrt(3 scale / fan). */
    UNIFORM,
    /** Keras' {@code untruncated_normal}. */
    NORMAL,
    /** Keras' {@code truncated_normal}: beyond two standard deviations drawn again, and widened so that the variance is met. */
    TRUNCATED_NORMAL
  }

  /** The standard deviation of a normal distribution of deviation 1 that is cut off at 2. */
  private static final double TRUNCATED_DEVIATION = 0.87962566103423978;

  /** Checks the scale. */
  public VarianceScaling {
    if (!(scale > 0)) {
      throw new RillException("variance scaling: expected a positive scale, got " + scale);
    }
    Require.given(fan, "the fan of a variance scaling");
    Require.given(distribution, "the distribution of a variance scaling");
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    double n = Math.max(1, fan(slice.shape()));
    Initializer numbers;
    if (distribution == Distribution.UNIFORM) {
      double limit = StrictMath.sqrt(3 * scale / n);
      numbers = new RandomUniform(-limit, limit);
    } else if (distribution == Distribution.NORMAL) {
      numbers = new RandomNormal(0, StrictMath.sqrt(scale / n));
    } else {
      numbers = new TruncatedNormal(0, StrictMath.sqrt(scale / n) / TRUNCATED_DEVIATION);
    }
    numbers.fill(values, slice, stream);
  }

  /** Axes before the last two belong to both fans, as in the kernel of a convolution. */
  private double fan(Shape shape) {
    if (shape.rank() == 0) {
      return 1;
    }
    double outputs = shape.axis(-1);
    double inputs = shape.rank() == 1 ? outputs : shape.axis(-2);
    for (int i = 0; i < shape.rank() - 2; i++) {
      inputs *= shape.axis(i);
      outputs *= shape.axis(i);
    }
    if (fan == Fan.AVERAGE) {
      return (inputs + outputs) / 2;
    }
    return fan == Fan.INPUTS ? inputs : outputs;
  }
}
