package dev.rill.layers;

import dev.rill.tensor.ShapeException;

/** Every step of a sequence several times. */
public final class UpSampling1D extends StepSelection {
  private final int size;

  /**
   * Describes an upsampling.
   *
   * @param size how often each step comes, 2 by default in Keras
   * @throws ShapeException if it is not positive
   */
  public UpSampling1D(int size) {
    this(null, size);
  }

  private UpSampling1D(String name, int size) {
    super(name);
    if (size <= 0) {
      throw new ShapeException("layer " + label() + ": expected a positive number of repetitions, got " + size);
    }
    this.size = size;
  }

  /**
   * How often each step comes.
   *
   * @return at least 1
   */
  public int size() {
    return size;
  }

  @Override
  public UpSampling1D named(String name) {
    return new UpSampling1D(name, size);
  }

  @Override
  public int source(int step, int read) {
    return step / size;
  }

  @Override
  public int count(int read) {
    return checked((long) read * size);
  }

  @Override
  String needsWholeTime() {
    return "gives " + size + " steps for each that it reads";
  }
}
