package dev.rill.training;

import dev.rill.kernels.SmoothFunctions;

/** The Poisson loss: {@code mean(p - y log(p + 1e-7))}. */
public final class Poisson extends ElementLoss {
  /** Describes the loss. */
  public Poisson() {
    super("Poisson", "poisson");
  }

  @Override
  float value(float y, float p) {
    return p - y * SmoothFunctions.log(p + EPSILON);
  }

  @Override
  float derivative(float y, float p) {
    return 1 - y / (p + EPSILON);
  }
}
