package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.UnsupportedException;

/**
 * How a variable starts. An immutable description; names and defaults are those of Keras.
 *
 * <p>Every number is a function of (stream, index) and of {@link StrictMath}, so a seed means the same weights everywhere; they
 * are not the numbers that Keras would draw. The stream is a function of the model's seed and the place of the variable, unless
 * the initializer has a {@link #seed} of its own.
 */
public interface Initializer {
  /**
   * Overwrites one variable.
   *
   * @param values all weights
   * @param slice the variable
   * @param stream what random numbers are a function of
   * @throws dev.rill.tensor.RillException if the variable has not as many axes as it takes
   */
  void fill(float[] values, Weights.Slice slice, long stream);

  /**
   * The same with random numbers of its own: neither the model's seed nor the place of the variable matters then, so that two
   * variables of one shape start equal, as in Keras.
   *
   * @param seed any number
   * @return another description
   */
  default Initializer seed(long seed) {
    return new Seeded(this, seed);
  }

  /**
   * Zeros: biases unless said otherwise.
   *
   * @return Keras' {@code Zeros}
   */
  static Initializer zeros() {
    return new Constant(0);
  }

  /**
   * Ones.
   *
   * @return Keras' {@code Ones}
   */
  static Initializer ones() {
    return new Constant(1);
  }

  /**
   * Uniform within sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010): kernels unless said otherwise.
   *
   * @return Keras' {@code GlorotUniform}
   */
  static Initializer glorotUniform() {
    return new VarianceScaling(1, VarianceScaling.Fan.AVERAGE, VarianceScaling.Distribution.UNIFORM);
  }

  /**
   * Truncated normal of variance 2 / (inputs + outputs) (Glorot and Bengio 2010).
   *
   * @return Keras' {@code GlorotNormal}
   */
  static Initializer glorotNormal() {
    return new VarianceScaling(1, VarianceScaling.Fan.AVERAGE, VarianceScaling.Distribution.TRUNCATED_NORMAL);
  }

  /**
   * Uniform within sqrt(6 / inputs) (He 2015).
   *
   * @return Keras' {@code HeUniform}
   */
  static Initializer heUniform() {
    return new VarianceScaling(2, VarianceScaling.Fan.INPUTS, VarianceScaling.Distribution.UNIFORM);
  }

  /**
   * Truncated normal of variance 2 / inputs (He 2015).
   *
   * @return Keras' {@code HeNormal}
   */
  static Initializer heNormal() {
    return new VarianceScaling(2, VarianceScaling.Fan.INPUTS, VarianceScaling.Distribution.TRUNCATED_NORMAL);
  }

  /**
   * Uniform within sqrt(3 / inputs) (LeCun 1998).
   *
   * @return Keras' {@code LecunUniform}
   */
  static Initializer lecunUniform() {
    return new VarianceScaling(1, VarianceScaling.Fan.INPUTS, VarianceScaling.Distribution.UNIFORM);
  }

  /**
   * Truncated normal of variance 1 / inputs (LeCun 1998).
   *
   * @return Keras' {@code LecunNormal}
   */
  static Initializer lecunNormal() {
    return new VarianceScaling(1, VarianceScaling.Fan.INPUTS, VarianceScaling.Distribution.TRUNCATED_NORMAL);
  }

  /**
   * Finds an initializer by its name in Keras.
   *
   * @param name such as {@code he_normal} or {@code HeNormal}
   * @return the initializer with Keras' defaults
   * @throws UnsupportedException if there is none of this name
   */
  static Initializer named(String name) {
    switch (Require.given(name, "the name of an initializer")) {
      case "zeros", "zero", "Zeros":
        return zeros();
      case "ones", "one", "Ones":
        return ones();
      case "constant", "Constant":
        return new Constant(0);
      case "glorot_uniform", "GlorotUniform":
        return glorotUniform();
      case "glorot_normal", "GlorotNormal":
        return glorotNormal();
      case "he_uniform", "HeUniform":
        return heUniform();
      case "he_normal", "HeNormal":
        return heNormal();
      case "lecun_uniform", "LecunUniform":
        return lecunUniform();
      case "lecun_normal", "LecunNormal":
        return lecunNormal();
      case "variance_scaling", "VarianceScaling":
        return lecunNormal();
      case "orthogonal", "Orthogonal", "OrthogonalInitializer":
        return new Orthogonal(1);
      case "identity", "Identity", "IdentityInitializer":
        return new Identity(1);
      case "uniform", "random_uniform", "RandomUniform":
        return new RandomUniform(-0.05, 0.05);
      case "normal", "random_normal", "RandomNormal":
        return new RandomNormal(0, 0.05);
      case "truncated_normal", "TruncatedNormal":
        return new TruncatedNormal(0, 0.05);
      default:
        throw new UnsupportedException("initializer " + name + " is not supported; supported are zeros, ones, constant, "
            + "glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform, lecun_normal, variance_scaling, "
            + "orthogonal, identity, random_uniform, random_normal and truncated_normal");
    }
  }
}
