package dev.rill.training;

import dev.rill.kernels.SmoothFunctions;

/** The logarithm of the hyperbolic cosine of the error, the mean over a row. */
public final class LogCosh extends ElementLoss {
  private static final float LOG_2 = 0.6931472f;

  /** Describes the loss. */
  public LogCosh() {
    super("LogCosh", "log_cosh");
  }

  @Override
  float value(float y, float p) {
    float x = p - y;
    return x + SmoothFunctions.softplus(-2 * x) - LOG_2;
  }

  @Override
  float derivative(float y, float p) {
    return SmoothFunctions.tanh(p - y);
  }
}
