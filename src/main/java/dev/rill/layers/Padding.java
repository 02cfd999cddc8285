package dev.rill.layers;

import dev.rill.tensor.UnsupportedException;
import java.util.Locale;

/** What windows over the steps of a sequence read before its first step and behind its last one. */
public enum Padding {
  /** Nothing: only windows that lie within the sequence count. Keras' {@code valid}. */
  VALID,
  /** As many steps as it takes for one output per stride, half of them in front, the odd one behind. Keras' {@code same}. */
  SAME,
  /** All of them in front, so that no window reads ahead of its own step. Keras' {@code causal}. */
  CAUSAL;

  /**
   * Finds a padding by its name in Keras.
   *
   * @param name in letters of any case
   * @return the padding
   * @throws UnsupportedException if there is none of this name
   */
  public static Padding named(String name) {
    for (Padding padding : values()) {
      if (padding.kerasName().equalsIgnoreCase(name)) {
        return padding;
      }
    }
    throw new UnsupportedException("padding " + name + " is not supported; supported are valid, same and causal");
  }

  /**
   * The name in Keras.
   *
   * @return such as {@code same}
   */
  public String kerasName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
