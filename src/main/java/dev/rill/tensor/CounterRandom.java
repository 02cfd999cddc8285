package dev.rill.tensor;

/**
 * Random numbers without a state: each is a function of a stream and an index, so neither the order of calls nor the number of
 * threads changes one. The function is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
 */
public final class CounterRandom {
  private CounterRandom() {}

  /**
   * Mixes the bits of a number.
   *
   * @param z any number
   * @return another; different numbers give different ones
   */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /**
   * The stream that belongs to some numbers.
   *
   * @param seed what the user chose
   * @param purpose what the numbers are for, such as the place of a layer
   * @param call which training call, epoch or the like
   * @param row row of the batch
   * @return a stream
   */
  public static long stream(long seed, long purpose, long call, long row) {
    return mix(mix(mix(mix(seed) + purpose + 1) + call + 1) + row + 1);
  }

  /**
   * A number uniform in (0, 1).
   *
   * @param stream which stream
   * @param index which number of it
   * @return with 53 random bits
   */
  public static double unit(long stream, long index) {
    return ((mix(stream + index * 0x9e3779b97f4a7c15L) >>> 11) + 0.5) * 0x1p-53;
  }

  /**
   * A normal number of mean 0 and deviation 1 (Box and Muller 1958).
   *
   * @param stream which stream
   * @param index which number of it; it takes two of {@link #unit}
   * @return the same everywhere
   */
  public static double normal(long stream, long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(unit(stream, 2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * unit(stream, 2 * index + 1));
  }
}
