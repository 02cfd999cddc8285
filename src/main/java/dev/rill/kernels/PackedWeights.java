package dev.rill.kernels;

/**
 * Weights of one product in the packed form of this package: a kernel moves forward through a panel, and through panels
 * forward or backward.
 *
 * <p>A panel holds its starting values (the bias) first, then one row of weights for each input, then one for each recurrent input:
 *
 * <ul>
 *   <li>dense: a row of a wide panel is 4 L neighbouring columns. One vector that is left over is a narrow panel; two or three are
 *       padded to a wide one, whose four independent chains take no longer than one.
 *   <li>LSTM: a row of a panel is i, f, g, o of L units.
 *   <li>GRU ({@code reset_after}): of L units, the starting row holds n<sub>x</sub>, z, r, n<sub>h</sub>, a row of the kernel
 *       n<sub>x</sub>, z, r, and a row of the recurrent kernel z, r, n<sub>h</sub>: so both update neighbouring vectors.
 * </ul>
 *
 * <p>Units and columns beyond the true ones have zero weights; nothing reads their results. Shared by all kernels, and immutable
 * but for those made by {@link #fillable}, which training fills anew for each batch. {@link ReducedWeights} keep fewer bits of
 * each weight.
 */
public class PackedWeights {
  /** Inputs that tall tiles of rows pass over at a time. */
  static final int BLOCK = 512;
  /** Floats of weights that stay in a core's first-level cache, of 48 KB, beside all else that a step needs. */
  private static final int FIRST_LEVEL = 10_000;
  /** Floats of weights that many rows pass over at a time: a quarter of a core's second-level cache. */
  private static final int RESIDENT = 1 << 16;

  /** What a panel's vectors are. */
  enum Form { DENSE, LSTM, GRU }

  final Form form;
  final float[] data;
  /** Index of the first panel's first element. */
  final int base;
  private final int size;
  final int inputs;
  /** Recurrent inputs. */
  final int hidden;
  /** Panels of four vectors. */
  final int wide;
  /** Panels of one vector, behind the wide ones: one or none. */
  final int narrow;
  /** Floats from one row of a wide panel's weights to the next. */
  final int rowStride;
  /** Floats from one wide panel to the next. */
  final int panelStride;
  /** Wide panels, one or two, if all sums are theirs, of just one chain of inputs and one of recurrent inputs; otherwise 0. */
  final int fewPanels;
  /**
   * Whether products of one row take a wide panel at a time, its chain of inputs and its chain of recurrent inputs side by side. There
   * is exactly one of each, and no second panel, or none that would stay beside the first in the first-level cache until the next step.
   * A step of two panels has a kernel of its own, which takes both at once and is faster all the same.
   */
  final boolean sideBySide;
  /** Wide panels that stay in the cache while many rows pass over them, some at a time. */
  final int residentPanels;
  /** Inputs that are copied at a time, at most {@link #BLOCK}: a number of chains. */
  final int blockInputs;

  private PackedWeights(Form form, int outputs, int inputs, int hidden, WeightFormat format) {
    this(form, outputs, inputs, hidden, format, 0, BLOCK);
  }

  /** With 0 resident panels there are as many as fit. */
  private PackedWeights(Form form, int outputs, int inputs, int hidden, WeightFormat format, int residentPanels, int blockInputs) {
    int lanes = KernelChoice.lanes();
    this.form = form;
    this.inputs = inputs;
    this.hidden = hidden;
    this.blockInputs = blockInputs;
    int vectors = (outputs + lanes - 1) / lanes;
    if (form == Form.DENSE) {
      narrow = vectors % 4 == 1 ? 1 : 0;
      wide = (vectors - narrow + 3) / 4;
    } else {
      narrow = 0;
      wide = vectors;
    }
    rowStride = (form == Form.GRU ? 3 : 4) * lanes;
    panelStride = 4 * lanes + rowStride * (inputs + hidden);
    boolean ofTwoChains = Math.min(inputs, hidden) > 0 && Math.max(inputs, hidden) <= Kernels.CHAIN;
    fewPanels = wide <= 2 && narrow == 0 && ofTwoChains ? wide : 0;
    sideBySide = fewPanels == 1 || ofTwoChains && 2 * panelStride > FIRST_LEVEL;
    long floats = ((long) wide * 4 + narrow) * lanes;
    floats *= form == Form.GRU ? 1 : 1L + inputs + hidden;
    if (form == Form.GRU) {
      floats += (long) wide * 3 * lanes * (inputs + hidden);
    }
    if (floats > Integer.MAX_VALUE - 64) {
      throw new OutOfMemoryError("weights of one layer exceed 2^31 floats: " + floats);
    }
    size = (int) floats;
    int passed = Math.min(blockInputs, inputs + hidden) * rowStride;
    this.residentPanels = residentPanels > 0 ? residentPanels : Math.max(2, RESIDENT / Math.max(1, passed));
    // What is only read to be packed again soon makes room.
    Arena.Place place = format == WeightFormat.FLOAT32 ? Arena.place(size) : new Arena.Place(new float[size], 0);
    data = place.data();
    base = place.at();
  }

  /** The shape of other weights, with starting values only. */
  PackedWeights(PackedWeights like, float[] starts) {
    form = like.form;
    inputs = like.inputs;
    hidden = like.hidden;
    wide = like.wide;
    narrow = like.narrow;
    rowStride = like.rowStride;
    panelStride = like.panelStride;
    // Only kernels of float32 have methods for either; those of other formats inherit them, and must not be led there.
    fewPanels = 0;
    sideBySide = false;
    residentPanels = like.residentPanels;
    blockInputs = like.blockInputs;
    size = starts.length;
    data = starts;
    base = 0;
  }

  /**
   * Weights to warm up with: of any values, and cut as those of large products are, a panel and a chain at a time.
   *
   * @param hidden recurrent inputs; a product of so few units would have as many as units
   */
  static PackedWeights forWarmUp(Form form, WeightFormat format, int units, int inputs, int hidden) {
    PackedWeights p = new PackedWeights(form, units, inputs, hidden, format, 1, Kernels.CHAIN);
    for (int i = 0; i < p.size; i++) {
      p.data[p.base + i] = (i % 13 - 6) * 0.03f;
    }
    return p.in(format);
  }

  private PackedWeights in(WeightFormat format) {
    return format == WeightFormat.FLOAT32 ? this : new ReducedWeights(this, format);
  }

  /**
   * Length of a row of results in packed form: every panel's vectors, padding included.
   *
   * @return floats
   */
  public int outputLength() {
    return (4 * wide + narrow) * KernelChoice.lanes();
  }

  /**
   * Memory held.
   *
   * @return bytes
   */
  public long bytes() {
    return 4L * size;
  }

  /**
   * Packs a dense product, optionally with a recurrent part that goes on with the same sums.
   *
   * @param format format of the weights; starting values are float32
   * @param outputs columns
   * @param inputs rows of {@code kernel}
   * @param kernel weights, [inputs][outputs] from {@code kernelAt}
   * @param kernelAt offset
   * @param hidden rows of {@code recurrent}, 0 for none
   * @param recurrent weights, [hidden][outputs]; may be null if {@code hidden} is 0
   * @param recurrentAt offset
   * @param bias starting values, [outputs], or null for +0
   * @param biasAt offset
   * @return the packed weights
   */
  public static PackedWeights dense(WeightFormat format, int outputs, int inputs, float[] kernel, int kernelAt,
      int hidden, float[] recurrent, int recurrentAt, float[] bias, int biasAt) {
    PackedWeights p = new PackedWeights(Form.DENSE, outputs, inputs, hidden, format);
    if (bias != null) {
      p.packRow(bias, biasAt, outputs, 0);
    }
    for (int k = 0; k < inputs; k++) {
      p.packRow(kernel, kernelAt + k * outputs, outputs, 1 + k);
    }
    for (int k = 0; k < hidden; k++) {
      p.packRow(recurrent, recurrentAt + k * outputs, outputs, 1 + inputs + k);
    }
    return p.in(format);
  }

  /**
   * Dense weights of zeros, to be filled as often as their matrix changes.
   *
   * @param outputs columns
   * @param inputs rows
   * @return weights that one thread fills and reads
   */
  public static PackedWeights fillable(int outputs, int inputs) {
    return new PackedWeights(Form.DENSE, outputs, inputs, 0, WeightFormat.FLOAT32);
  }

  /**
   * {@link #outputLength()} of dense weights.
   *
   * @param outputs columns
   * @return floats, padding included
   */
  public static int denseOutputLength(int outputs) {
    int lanes = KernelChoice.lanes();
    int vectors = (outputs + lanes - 1) / lanes;
    return (vectors % 4 == 1 ? vectors : (vectors + 3) / 4 * 4) * lanes;
  }

  /**
   * Fills the starting values.
   *
   * @param bias one value a column
   * @param at first of them
   * @param outputs number of columns
   */
  public void fillStart(float[] bias, int at, int outputs) {
    packRow(bias, at, outputs, 0);
  }

  /**
   * Fills all rows from a matrix.
   *
   * @param matrix [inputs][outputs]
   * @param at first element of row 0
   * @param stride distance between rows
   * @param outputs number of columns
   */
  public void fill(float[] matrix, int at, int stride, int outputs) {
    fillRows(0, inputs, matrix, at, stride, outputs);
  }

  /**
   * Fills some rows from a matrix.
   *
   * @param first row to fill
   * @param count number of rows
   * @param matrix [count][outputs]
   * @param at first element of its row 0
   * @param stride distance between its rows
   * @param outputs number of columns
   */
  public void fillRows(int first, int count, float[] matrix, int at, int stride, int outputs) {
    for (int k = 0; k < count; k++) {
      packRow(matrix, at + k * stride, outputs, 1 + first + k);
    }
  }

  /**
   * Fills all rows from the transpose of a matrix.
   *
   * @param matrix [outputs][inputs]
   * @param at first element of row 0
   * @param stride distance between rows
   * @param outputs number of columns: rows of the matrix
   */
  public void fillTransposed(float[] matrix, int at, int stride, int outputs) {
    int lanes = KernelChoice.lanes();
    for (int panel = 0, column = 0, width; column < outputs; panel++, column += width) {
      width = panel < wide ? 4 * lanes : lanes;
      Transposition.copy(matrix, at + column * stride, stride, Math.min(width, outputs - column), inputs, data,
          base + panel * panelStride + width, width);
    }
  }

  /** Copies one row of a matrix to row {@code r} of every dense panel. */
  private void packRow(float[] from, int at, int outputs, int r) {
    int lanes = KernelChoice.lanes();
    int column = 0;
    for (int panel = 0; panel < wide; panel++, column += 4 * lanes) {
      System.arraycopy(from, at + column, data, base + panel * panelStride + r * 4 * lanes, Math.min(4 * lanes, outputs - column));
    }
    if (narrow > 0) {
      System.arraycopy(from, at + column, data, base + wide * panelStride + r * lanes, outputs - column);
    }
  }

  /**
   * Packs an LSTM, gates in the order i, f, g, o.
   *
   * @param format format of the weights; starting values are float32
   * @param units units
   * @param inputs inputs
   * @param weights the array that holds all three
   * @param kernelAt kernel, [inputs][4 units]
   * @param recurrentAt recurrent kernel, [units][4 units]
   * @param biasAt bias, [4 units], or −1 for none
   * @return the packed weights
   */
  public static PackedWeights lstm(WeightFormat format, int units, int inputs, float[] weights, int kernelAt, int recurrentAt,
      int biasAt) {
    PackedWeights p = new PackedWeights(Form.LSTM, units, inputs, units, format);
    int[] gates = {0, 1, 2, 3};
    int lanes = KernelChoice.lanes();
    if (biasAt >= 0) {
      p.rows(weights, biasAt, 1, 4 * units, units, gates, 0);
    }
    p.rows(weights, kernelAt, inputs, 4 * units, units, gates, 4 * lanes);
    p.rows(weights, recurrentAt, units, 4 * units, units, gates, 4 * lanes * (1 + inputs));
    return p.in(format);
  }

  /**
   * Packs a GRU with {@code reset_after}, gates in the order z, r, n. z and r start at the rounded sum of both biases.
   *
   * @param format format of the weights; starting values are float32
   * @param units units
   * @param inputs inputs
   * @param weights the array that holds all three
   * @param kernelAt kernel, [inputs][3 units]
   * @param recurrentAt recurrent kernel, [units][3 units]
   * @param biasAt input bias and recurrent bias, [2][3 units], or −1 for none
   * @return the packed weights
   */
  public static PackedWeights gru(WeightFormat format, int units, int inputs, float[] weights, int kernelAt, int recurrentAt,
      int biasAt) {
    PackedWeights p = new PackedWeights(Form.GRU, units, inputs, units, format);
    float[] start = new float[4 * units];
    if (biasAt >= 0) {
      int recurrentBias = biasAt + 3 * units;
      System.arraycopy(weights, biasAt + 2 * units, start, 0, units);
      for (int j = 0; j < 2 * units; j++) {
        start[units + j] = weights[biasAt + j] + weights[recurrentBias + j];
      }
      System.arraycopy(weights, recurrentBias + 2 * units, start, 3 * units, units);
    }
    int lanes = KernelChoice.lanes();
    p.rows(start, 0, 1, 4 * units, units, new int[] {0, 1, 2, 3}, 0);
    p.rows(weights, kernelAt, inputs, 3 * units, units, new int[] {2, 0, 1}, 4 * lanes);
    p.rows(weights, recurrentAt, units, 3 * units, units, new int[] {0, 1, 2}, 4 * lanes + 3 * lanes * inputs);
    return p.in(format);
  }

  /**
   * Takes one vector of every wide panel out of a row of results: all units of one gate, one behind the other.
   *
   * @param out a row of results in packed form
   * @param outAt its first element
   * @param vector which of a panel's four vectors
   * @param units number of units
   * @param to target, [units]
   * @param toAt first element written
   */
  public void unpack(float[] out, int outAt, int vector, int units, float[] to, int toAt) {
    int lanes = KernelChoice.lanes();
    for (int j = 0, from = outAt + vector * lanes; j < units; j += lanes, from += 4 * lanes) {
      System.arraycopy(out, from, to, toAt + j, Math.min(lanes, units - j));
    }
  }

  /**
   * Copies some rows of a matrix, gate by gate, to every panel, beginning {@code first} floats into it. Row by row, as memory is
   * read far faster in order than it is written out of order.
   */
  private void rows(float[] from, int at, int count, int stride, int units, int[] gates, int first) {
    int width = gates.length * KernelChoice.lanes();
    for (int k = 0; k < count; k++) {
      for (int panel = 0; panel < wide; panel++) {
        row(from, at + k * stride, units, panel, gates, base + panel * panelStride + first + k * width);
      }
    }
  }

  /** Copies one panel's units of some gates, of which number {@code g} starts at {@code from[at + g * units]}. */
  private void row(float[] from, int at, int units, int panel, int[] gates, int to) {
    int lanes = KernelChoice.lanes();
    int first = panel * lanes;
    int count = Math.min(lanes, units - first);
    for (int v = 0; v < gates.length; v++) {
      System.arraycopy(from, at + gates[v] * units + first, data, to + v * lanes, count);
    }
  }
}
