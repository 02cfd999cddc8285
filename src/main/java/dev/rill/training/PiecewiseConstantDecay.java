package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.List;

/**
 * Keras' {@code PiecewiseConstantDecay}: one rate after the other.
 *
 * @param boundaries last iteration of each rate but the last, ascending
 * @param rates one more than boundaries
 */
public record PiecewiseConstantDecay(List<Long> boundaries, List<Double> rates) implements Schedule {
  /**
   * Copies and checks the numbers.
   *
   * @param boundaries last iteration of each rate but the last, ascending
   * @param rates one more than boundaries
   * @throws RillException if there is not one rate more than boundaries, or these do not ascend
   */
  public PiecewiseConstantDecay {
    boundaries = List.copyOf(Require.all(boundaries, "the boundaries"));
    rates = List.copyOf(Require.all(rates, "the rates"));
    if (rates.size() != boundaries.size() + 1) {
      throw new RillException("expected one rate more than the " + boundaries.size() + " boundaries, got " + rates.size());
    }
    for (int i = 1; i < boundaries.size(); i++) {
      if (boundaries.get(i) <= boundaries.get(i - 1)) {
        throw new RillException("expected boundaries that ascend, got " + boundaries);
      }
    }
  }

  @Override
  public double at(long iteration) {
    int i = 0;
    while (i < boundaries.size() && iteration > boundaries.get(i)) {
      i++;
    }
    return rates.get(i);
  }
}
