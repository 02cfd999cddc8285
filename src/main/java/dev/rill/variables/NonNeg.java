package dev.rill.variables;

/** No number below 0: Keras' {@code NonNeg}. */
public record NonNeg() implements Constraint {
  @Override
  public void apply(float[] w, Weights.Slice slice) {
    Weights.Slice.check(slice, w);
    for (int i = slice.at(); i < slice.at() + slice.size(); i++) {
      w[i] = Math.max(w[i], 0);
    }
  }
}
