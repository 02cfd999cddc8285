package dev.rill.training;

import dev.rill.tensor.RillException;

/**
 * The loss of Huber (1964): {@code e^2 / 2} up to {@code |e| = delta}, {@code delta |e| - delta^2 / 2} beyond; the mean over a
 * row.
 */
public final class Huber extends ElementLoss {
  private final double exactDelta;
  private final float delta;

  /** Describes the loss with Keras' delta of 1. */
  public Huber() {
    this(1);
  }

  /**
   * Describes the loss.
   *
   * @param delta where it becomes linear
   * @throws RillException if it is not above 0
   */
  public Huber(double delta) {
    super("Huber", "huber");
    if (!(delta > 0)) {
      throw new RillException("huber: expected a delta above 0, got " + delta);
    }
    exactDelta = delta;
    this.delta = (float) delta;
  }

  /**
   * Where it becomes linear.
   *
   * @return 1 by default
   */
  public double delta() {
    return exactDelta;
  }

  @Override
  float value(float y, float p) {
    float e = Math.abs(p - y);
    return e <= delta ? 0.5f * e * e : delta * e - 0.5f * delta * delta;
  }

  @Override
  float derivative(float y, float p) {
    float e = p - y;
    return e > delta ? delta : e < -delta ? -delta : e;
  }
}
