package dev.rill.kernels;

/**
 * The seam: everything that is carried out twice, by scalar code and by SIMD, to the same bits.
 *
 * <p>A caller reads {@link KernelChoice#current()} once and passes it down, so that a call never mixes sets of kernels.
 * Methods allocate nothing and check nothing; arguments are the caller's duty. Rows of results reach to
 * {@link PackedWeights#outputLength()}; element-wise methods may read and write up to {@link KernelChoice#PADDING} − 1 floats
 * beyond the count they are given.
 */
public abstract class Kernels {
  Kernels() {}

  /**
   * Pre-activations of some rows, one chain of fused multiply-adds an output: the starting value, then the
   * inputs in order, then the recurrent inputs in order.
   *
   * @param w weights
   * @param rows number of rows, at least one
   * @param start starting values in panel order, or null for the bias in the panels
   * @param x inputs, or null to leave out their part
   * @param h recurrent inputs, or null to leave out their part
   * @param z results in panel order; may be {@code start}
   */
  public abstract void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z);

  /**
   * The gates of an LSTM step: {@code c = f . c + i . tanh(zc)}, {@code h = o . tanh(c)}.
   *
   * @param units units
   * @param rows number of rows
   * @param z pre-activations in the panel order of {@link PackedWeights#lstm}
   * @param c cell state, old in, new out
   * @param h new hidden state
   */
  public abstract void lstmForward(int units, int rows, Rows z, Rows c, Rows h);

  /**
   * The gates of a GRU step with {@code reset_after}: {@code hh = tanh(zcx + r . zch)},
   * {@code h' = z . h + (1 - z) . hh}.
   *
   * @param units units
   * @param rows number of rows
   * @param z pre-activations in the panel order of {@link PackedWeights#gru}
   * @param old hidden state before the step
   * @param h hidden state after it; may be {@code old}
   */
  public abstract void gruForward(int units, int rows, Rows z, Rows old, Rows h);

  /**
   * Combines two stretches element by element. Unlike the other element-wise methods it writes nothing beyond them.
   *
   * @param what how
   * @param n number of elements
   * @param a first operand
   * @param aAt its first element
   * @param b second operand
   * @param bAt its first element
   * @param to result; may be {@code a} or {@code b}, but not partly overlap them
   * @param toAt its first element
   */
  public abstract void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt);

  /**
   * Takes the gradient of one row back through the gates of an LSTM step whose gates i, f, g, o are sigmoids and whose
   * activation is tanh. With {@code e = dc + dh . o . (1 - out . out)}:
   *
   * <pre>
   *   dzi = (e . g) . (i . (1 - i))       dzf = (e . old) . (f . (1 - f))      dzg = (e . i) . (1 - g . g)
   *   dzo = (dh . out) . (o . (1 - o))    dc = e . f                           dh = 0
   * </pre>
   *
   * @param units units
   * @param z gates in Keras' order, one behind the other; replaced by the gradients of their pre-activations
   * @param at first of them
   * @param old cell state before the step
   * @param oldAt its first element
   * @param out tanh of the cell state after the step
   * @param outAt its first element
   * @param dh gradient with respect to the hidden state
   * @param dc gradient with respect to the cell state after the step, replaced by that before it
   * @param dAt first element of both
   */
  public abstract void lstmBackward(int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh,
      float[] dc, int dAt);

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
