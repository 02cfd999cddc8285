package dev.rill.layers;

import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.List;

/** Dropout: nothing at inference. */
public final class Dropout extends Layer {
  private final double rate;

  /**
   * Describes a dropout.
   *
   * @param rate share of elements set to zero in training, from 0 to 1
   */
  public Dropout(double rate) {
    this(null, rate);
  }

  private Dropout(String name, double rate) {
    super(name);
    if (!(rate >= 0 && rate <= 1)) {
      throw new RillException("layer " + label() + ": expected a rate from 0 to 1, got " + rate);
    }
    this.rate = rate;
  }

  /**
   * Share of elements set to zero in training.
   *
   * @return from 0 to 1
   */
  public double rate() {
    return rate;
  }

  @Override
  public Dropout named(String name) {
    return new Dropout(name, rate);
  }

  @Override
  List<Shape> outputs(Shape input, List<Shape> initialState) {
    refuseState(initialState);
    return List.of(input);
  }

  @Override
  Program program(Wiring wiring) {
    return new PassProgram(wiring);
  }

  @Override
  TrainingProgram training(TrainingWiring wiring) {
    return new DropoutTraining(wiring, rate);
  }
}
