package dev.rill.kernels;

/**
 * A cursor over rows of floats: row {@code r} starts at {@code data[at + r * stride]}.
 *
 * <p>Owned by a workspace and moved from call to call, so that a step allocates nothing. A stride of 0
 * repeats one row, a negative one walks backwards.
 */
public class Rows {
  /**
   * Floats that {@link Kernels#matmul} of several rows allocates once for the cursor of its results, to copy its inputs to.
   */
  public static final int COPIES = 52 * PackedWeights.BLOCK;

  /** The array the rows lie in. */
  public float[] data;
  /** Index of the first element of row 0. */
  public int at;
  /** Distance between the first elements of neighbouring rows. */
  public int stride;
  /** {@link #COPIES} floats, or null before the first product of several rows. */
  float[] copies;
  /** Which way the last product went whose results this received. */
  private boolean backwards;

  /** Creates a cursor that points nowhere yet. */
  public Rows() {}

  /**
   * Points at rows of an array.
   *
   * @param data the array
   * @param at index of row 0
   * @param stride distance between rows
   * @return this
   */
  public Rows set(float[] data, int at, int stride) {
    set(data);
    this.at = at;
    this.stride = stride;
    return this;
  }

  /**
   * Turns round: of the products whose results this receives every other one goes over its weights from the last panel to the first.
   * Where they are of the same weights, each begins with those that the one before left in the cache.
   *
   * @return whether the one to come goes backwards
   */
  boolean turn() {
    backwards = !backwards;
    return backwards;
  }

  /**
   * Points at the same place in another array.
   *
   * @param data the array
   */
  public void set(float[] data) {
    // Writing a reference costs more than asking for it: the collector wants to know.
    if (this.data != data) {
      this.data = data;
    }
  }
}
