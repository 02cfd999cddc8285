package dev.rill.training;

/** Mean absolute percentage error: {@code 100 mean(|y - p| / max(|y|, 1e-7))}. */
public final class MeanAbsolutePercentageError extends ElementLoss {
  /** Describes the loss. */
  public MeanAbsolutePercentageError() {
    super("MeanAbsolutePercentageError", "mean_absolute_percentage_error");
  }

  @Override
  float value(float y, float p) {
    return 100 * (Math.abs(y - p) / Math.max(Math.abs(y), EPSILON));
  }

  @Override
  float derivative(float y, float p) {
    float part = 100 / Math.max(Math.abs(y), EPSILON);
    return p > y ? part : p < y ? -part : p - y;
  }
}
