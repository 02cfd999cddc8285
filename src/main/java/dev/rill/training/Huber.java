package dev.rill.training;

/** The loss of Huber (1964): {@code e^2 / 2} up to {@code |e| = delta}, {@code delta |e| - delta^2 / 2} beyond; the mean over a row. */
public final class Huber extends ElementLoss {
  private final float delta;

  /** Describes the loss with Keras' delta of 1. */
  public Huber() {
    this(1);
  }

  /**
   * Describes the loss.
   *
   * @param delta where it becomes linear
   */
  public Huber(double delta) {
    super("huber");
    this.delta = (float) delta;
  }

  /**
   * Where it becomes linear.
   *
   * @return 1 by default
   */
  public double delta() {
    return delta;
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
