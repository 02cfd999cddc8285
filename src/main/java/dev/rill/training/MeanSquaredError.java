package dev.rill.training;

/** Mean squared error: {@code mean((p - y)^2)}. */
public final class MeanSquaredError extends ElementLoss {
  /** Describes the loss. */
  public MeanSquaredError() {
    super("MeanSquaredError", "mean_squared_error");
  }

  @Override
  float value(float y, float p) {
    return (p - y) * (p - y);
  }

  @Override
  float derivative(float y, float p) {
    return 2 * (p - y);
  }
}
