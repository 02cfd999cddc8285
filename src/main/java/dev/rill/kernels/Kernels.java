package dev.rill.kernels;

/**
 * The seam: everything that is carried out twice, by scalar code and by SIMD, to the same bits. Symbols and packed form: see the
 * description of this package.
 *
 * <p>A caller reads {@link KernelChoice#current()} once and passes it down, so that a call never mixes sets of kernels. Arguments
 * are not checked: that is the caller's duty. Arrays may be the same, but what a call writes must not overlap what it reads,
 * except where a parameter says so. Nothing is allocated, but for {@link Rows#COPIES} floats at the first product of several rows
 * whose results a cursor receives. Element-wise methods may read and write up to {@link KernelChoice#PADDING} − 1 floats beyond
 * the count they are given.
 */
public abstract class Kernels {
  /**
   * Multiply-adds of a chain at most: a sum of products is cut into blocks of so many, see the description of this package.
   */
  public static final int CHAIN = 64;

  /** Steps that are one kernel each, or null. */
  final FusedSteps fused;

  Kernels(FusedSteps fused) {
    this.fused = fused;
  }

  /**
   * Pre-activations of some rows, {@code out = start + x W + h U}: to the starting value are added the chains of the inputs, then
   * those of the recurrent inputs, see the description of this package.
   *
   * @param w weights
   * @param rows number of rows, at least one
   * @param start starting values, [rows][{@link PackedWeights#outputLength()}] in packed form, or null for the packed bias
   * @param x inputs, [rows][inputs], or null to leave out their part
   * @param h recurrent inputs, [rows][hidden], or null to leave out their part
   * @param out results, [rows][{@link PackedWeights#outputLength()}] in packed form, padding included; may be the rows of
   *     {@code start}
   */
  public abstract void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out);

  /**
   * An LSTM step: {@link #matmul}, then {@link #lstmForward}, to the same bits.
   *
   * @param w weights, of {@link PackedWeights#lstm}
   * @param units units
   * @param rows number of rows, at least one
   * @param x inputs, [rows][inputs], or null if {@code z} holds the pre-activations that they come to
   * @param h hidden state before the step, [rows][units]
   * @param c cell state, [rows][units]: c becomes c'
   * @param z becomes the pre-activations, [rows][{@link PackedWeights#outputLength()}] in packed form
   * @param out hidden state after the step, [rows][units]; may be {@code h}
   */
  public final void lstmStep(PackedWeights w, int units, int rows, Rows x, Rows h, Rows c, Rows z, Rows out) {
    if (fuses(w, rows, x)) {
      fused.lstm(w, x, h, c, z, out);
    } else {
      matmul(w, rows, x == null ? z : null, x, h, z);
      lstmForward(units, rows, z, c, out);
    }
  }

  private boolean fuses(PackedWeights w, int rows, Rows x) {
    return fused != null && rows == 1 && x != null && w.fewPanels > 0;
  }

  /**
   * The gates and states of an LSTM step, from pre-activations: {@code c' = f . c + i . g}, {@code h' = o . tanh(c')}.
   *
   * @param units units
   * @param rows number of rows
   * @param gates pre-activations z_i, z_f, z_g, z_o, [rows][panels][4][L] as from {@link #matmul} by {@link PackedWeights#lstm};
   *     left as they are
   * @param c cell state, [rows][units]: c becomes c'
   * @param h hidden state after the step, [rows][units]; written only
   */
  public abstract void lstmForward(int units, int rows, Rows gates, Rows c, Rows h);

  /**
   * Takes the gradient of one row back through the gates of an LSTM step: with {@code e = dc' + dh' . o . (1 - tanh(c')^2)},
   *
   * <pre>
   *   dz_i = (e . g) . (i . (1 - i))          dz_f = (e . c) . (f . (1 - f))         dz_g = (e . i) . (1 - g . g)
   *   dz_o = (dh' . tanh(c')) . (o . (1 - o)) dc = e . f                             dh = 0
   * </pre>
   *
   * <p>Nothing is read or written beyond the stretches that are named.
   *
   * @param units units
   * @param gates i, f, g, o, [4][units]; they become dz_i, dz_f, dz_g, dz_o
   * @param at first of them
   * @param cOld c, [units]
   * @param cOldAt its first element
   * @param tanhC tanh(c'), [units]
   * @param tanhCAt its first element
   * @param dh dh', [units]; becomes 0, to which the caller adds what comes through the recurrent kernel
   * @param dc dc' from the step after, [units]; becomes dc
   * @param dAt first element of both
   */
  public abstract void lstmBackward(int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt,
      float[] dh, float[] dc, int dAt);

  /**
   * A step of a GRU with {@code reset_after}: {@link #matmul}, then {@link #gruForward}, to the same bits.
   *
   * @param w weights, of {@link PackedWeights#gru}
   * @param units units
   * @param rows number of rows, at least one
   * @param x inputs, [rows][inputs], or null if {@code z} holds the pre-activations that they come to
   * @param h hidden state before the step, [rows][units]
   * @param z becomes the pre-activations, [rows][{@link PackedWeights#outputLength()}] in packed form
   * @param out hidden state after the step, [rows][units]; may be {@code h}
   */
  public final void gruStep(PackedWeights w, int units, int rows, Rows x, Rows h, Rows z, Rows out) {
    if (fuses(w, rows, x)) {
      fused.gru(w, x, h, z, out);
    } else {
      matmul(w, rows, x == null ? z : null, x, h, z);
      gruForward(units, rows, z, h, out);
    }
  }

  /**
   * The gates and the state of a GRU step with {@code reset_after}, from pre-activations: {@code n = tanh(z_nx + r . z_nh)},
   * {@code h' = z . h + (1 - z) . n}.
   *
   * @param units units
   * @param rows number of rows
   * @param gates pre-activations z_nx, z_z, z_r, z_nh, [rows][panels][4][L] as from {@link #matmul} by {@link PackedWeights#gru};
   *     left as they are
   * @param hOld hidden state before the step, [rows][units]
   * @param h hidden state after it, [rows][units]; may be {@code hOld}
   */
  public abstract void gruForward(int units, int rows, Rows gates, Rows hOld, Rows h);

  /**
   * Combines two stretches element by element. Unlike the other element-wise methods it touches nothing beyond them.
   *
   * @param what how
   * @param n number of elements
   * @param a first operand, [n]
   * @param aAt its first element
   * @param b second operand, [n]
   * @param bAt its first element
   * @param to result, [n]; may be {@code a} or {@code b}, but not partly overlap them
   * @param toAt its first element
   */
  public abstract void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt);

  /**
   * The multiply-add of plain loops that both sets of kernels share.
   *
   * @param a factor
   * @param b factor
   * @param c addend
   * @return {@code a * b + c}, rounded once
   */
  public static float fma(float a, float b, float c) {
    return Fma.fma(a, b, c);
  }

  /** Replaces {@code a[at..at+n)} by its logistic sigmoid. */
  abstract void sigmoid(float[] a, int at, int n);

  /** Replaces {@code a[at..at+n)} by its hyperbolic tangent. */
  abstract void tanh(float[] a, int at, int n);

  /** Replaces {@code a[at..at+n)} by its exponential. */
  abstract void exp(float[] a, int at, int n);
}
