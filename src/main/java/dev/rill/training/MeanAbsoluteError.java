package dev.rill.training;

/** Mean absolute error: {@code mean(|p - y|)}; its derivative is 0 where they are equal. */
public final class MeanAbsoluteError extends ElementLoss {
  /** Describes the loss. */
  public MeanAbsoluteError() {
    super("MeanAbsoluteError", "mean_absolute_error");
  }

  @Override
  float value(float y, float p) {
    return Math.abs(p - y);
  }

  @Override
  float derivative(float y, float p) {
    return p > y ? 1 : p < y ? -1 : p - y;
  }
}
