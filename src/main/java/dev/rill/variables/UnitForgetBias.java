package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import java.util.Arrays;

/**
 * The bias of an LSTM whose forget gate starts at 1 (Jozefowicz 2015); the other gates start as they are told, as in Keras.
 *
 * @param others how the other gates' biases start
 * @param units of the layer
 */
public record UnitForgetBias(Initializer others, int units) implements Initializer {
  /** Refuses what cannot be four gates. */
  public UnitForgetBias {
    Require.given(others, "the initializer of the other gates");
    Require.atLeast(units, 1, "units of a gate");
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    if (slice.size() != 4L * units) {
      throw new ShapeException("layer " + slice.layer() + ", " + slice.name() + ": expected four gates of " + units
          + " units, got " + slice.shape());
    }
    others.fill(values, gates(slice, 0, 1), stream);
    Arrays.fill(values, slice.at() + units, slice.at() + 2 * units, 1);
    others.fill(values, gates(slice, 2, 2), stream - 1);
  }

  private Weights.Slice gates(Weights.Slice bias, int from, int count) {
    return new Weights.Slice(bias.layer(), bias.name(), Shape.of(count * units), bias.at() + from * units);
  }
}
