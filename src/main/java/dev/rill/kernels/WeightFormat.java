package dev.rill.kernels;

/**
 * In which numbers packed weights are kept, by the names of the public {@code Precision}. Sums, starting values and what moves
 * between layers are float32 in each.
 */
public enum WeightFormat {
  /** As they are. */
  FLOAT32,
  /** The upper half of a float32, see {@link Bfloat16}: every product is exactly that of the widened weight. */
  BFLOAT16,
  /** Whole numbers from −127 to 127 and a float32 scale for each output, see {@link Int8}. */
  INT8;

  /** Weights that share one 32-bit word of {@link ReducedWeights}: neighbouring rows of one column, the first lowest. */
  int perWord() {
    return switch (this) {
      case FLOAT32 -> 1;
      case BFLOAT16 -> 2;
      case INT8 -> 4;
    };
  }
}
