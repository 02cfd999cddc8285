package dev.rill.variables;

/**
 * Every norm 1: {@code w / (1e-7 + norm)}, Keras' {@code UnitNorm}.
 *
 * @param axis along which norms are taken; negative counts from the last one
 */
public record UnitNorm(int axis) implements Constraint {
  @Override
  public void check(Weights.Slice slice) {
    NormAxis.check(axis, slice);
  }

  @Override
  public void apply(float[] w, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    NormAxis along = NormAxis.of(axis, slice);
    for (int line = 0; line < along.lines(); line++) {
      int first = slice.at() + along.start(line);
      float divisor = NormAxis.EPSILON + along.norm(w, first);
      for (int i = 0; i < along.length(); i++) {
        w[first + i * along.stride()] /= divisor;
      }
    }
  }
}
