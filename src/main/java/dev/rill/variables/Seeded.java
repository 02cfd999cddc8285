package dev.rill.variables;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Require;

/**
 * An initializer with random numbers of its own.
 *
 * @param initializer what draws them
 * @param ownSeed what they are a function of, whatever the model's seed
 */
public record Seeded(Initializer initializer, long ownSeed) implements Initializer {
  /** Refuses null. */
  public Seeded {
    Require.given(initializer, "the initializer");
  }

  @Override
  public void fill(float[] values, Weights.Slice slice, long stream) {
    Weights.Slice.check(slice, values);
    initializer.fill(values, slice, CounterRandom.mix(ownSeed));
  }

  @Override
  public Initializer seed(long seed) {
    return new Seeded(initializer, seed);
  }
}
