package dev.rill.tensor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Numbers that a network keeps its weights in. Whatever is not a kernel, a recurrent kernel or an embedding's table
 * (biases, states, sums, activations) is float32 in each.
 *
 * <p>A row's outputs and states depend on the precision, and to the bit on nothing else: batch, row, cuts of time, threads,
 * vector width and JDK change nothing in any of them.
 */
public enum Precision {
  /** 4 bytes a weight, Keras' numbers. */
  FLOAT32("float32"),
  /** 2 bytes a weight: float32 rounded to 8 bits of precision, ties to even. */
  BFLOAT16("bf16"),
  /**
   * 1 byte a weight: whole numbers from −127 to 127, with a float32 scale for each output of each kernel and each row of a
   * table. Where such a group holds NaN or an infinity, its results are NaN. What is not 0 is at least 1 in a kernel, so that an
   * infinite input comes to what it comes to in float32.
   */
  INT8("int8");

  private final String shortName;

  Precision(String shortName) {
    this.shortName = shortName;
  }

  /**
   * The precision of a name.
   *
   * @param name {@code float32}, {@code bf16} or {@code int8}
   * @return the precision
   * @throws UnsupportedException if it is another name
   */
  public static Precision named(String name) {
    return Arrays.stream(values()).filter(precision -> precision.shortName.equals(name)).findFirst()
        .orElseThrow(() -> new UnsupportedException("precision " + name + ": expected float32, bf16 or int8"));
  }

  /**
   * Tells states of networks with weights of this precision from those of others.
   *
   * @param weights check sum of the float32 weights
   * @return the same for {@link #FLOAT32}, else another
   */
  public int fingerprint(int weights) {
    if (this == FLOAT32) {
      return weights;
    }
    CRC32C crc = new CRC32C();
    crc.update((Integer.toHexString(weights) + " " + shortName).getBytes(StandardCharsets.US_ASCII));
    return (int) crc.getValue();
  }

  /** Returns {@code float32}, {@code bfloat16} or {@code int8}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
