package dev.rill.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * Gets the SIMD kernels compiled before anybody waits for them, and hands over to them when they are.
 *
 * <p>Until it is compiled, Vector API code boxes every vector and is a hundred times slower than scalar code. So rounds of
 * every kernel run on small dummy data: each loop with none, one and many trips, so that the compiled code has seen every
 * branch it will meet, and at call sites that see three sets of kernels, so that the kernels are compiled on their own and not
 * into this loop. When every part of them takes less than the scalar time three times running, and gives the same bits, the
 * kernels is changed: first for calls of one row, which streams wait for, then for all. The third kind does nothing; being
 * loaded from the start it also keeps compiled code from assuming that there is only one, which loading the second would throw
 * away.
 */
public final class KernelWarmUp {
  private static final int WINS = 3;
  private static final Pairwise[] PAIRWISE = Pairwise.values();
  /** Calls of a kernel in one timing: long enough for the clock, short enough while it is still interpreted. */
  private static final int TIMED = 32;

  /** Dummy data for one set of sizes. */
  private static final class Case {
    final int units;
    final int rows;
    final boolean input;
    final boolean hidden;
    final PackedWeights[] forms;
    final float[] x;
    final float[] h;
    final float[] c;
    final float[] z;
    final float[] out;
    final Rows xRows = new Rows();
    final Rows hRows = new Rows();
    final Rows cRows = new Rows();
    final Rows zRows = new Rows();
    final Rows outRows = new Rows();

    Case(WeightFormat packing, int inputs, int units, int rows, boolean input, boolean hidden) {
      this.units = units;
      this.rows = rows;
      this.input = input;
      this.hidden = hidden;
      float[] weights = new float[(inputs + units + 2) * 4 * units];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (i % 13 - 6) * 0.03f;
      }
      int recurrent = inputs * 4 * units;
      int bias = recurrent + units * 4 * units;
      forms = new PackedWeights[] {
        PackedWeights.lstm(packing, units, inputs, weights, 0, recurrent, bias),
        PackedWeights.gru(packing, units, inputs, weights, 0, inputs * 3 * units, bias),
        PackedWeights.dense(packing, units, inputs, weights, 0, units, weights, recurrent, weights, bias)
      };
      for (PackedWeights w : forms) {
        // As of panels so large that one fills the cache, and of several blocks; with few recurrent inputs.
        w.resident = 1;
        w.block = 2;
        w.hidden = Math.min(w.hidden, 2);
      }
      int columns = Math.max(forms[0].outputLength(), Math.max(forms[1].outputLength(), forms[2].outputLength()));
      int stride = KernelChoice.padded(units);
      x = new float[rows * inputs];
      h = new float[rows * stride];
      c = new float[rows * stride];
      z = new float[rows * columns];
      out = new float[rows * stride];
      xRows.set(x, 0, inputs);
      hRows.set(h, 0, stride);
      cRows.set(c, 0, stride);
      zRows.set(z, 0, columns);
      outRows.set(out, 0, stride);
      reset();
    }

    void reset() {
      for (int i = 0; i < x.length; i++) {
        x[i] = (i % 7 - 3) * 0.1f;
      }
      for (int i = 0; i < h.length; i++) {
        h[i] = (i % 5 - 2) * 0.2f;
        c[i] = (i % 3 - 1) * 0.4f;
      }
    }

    void run(Kernels k) {
      for (int part = 0; part <= forms.length; part++) {
        run(k, part);
      }
    }

    /** Runs one of {@link #forms}, or what is behind them: the element-wise functions. */
    void run(Kernels k, int part) {
      if (part == forms.length) {
        functions(k);
        return;
      }
      PackedWeights w = forms[part];
      k.matmul(w, rows, null, input ? xRows : null, hidden ? hRows : null, zRows);
      k.matmul(w, rows, zRows, null, hidden ? hRows : null, zRows);
      if (part == 0) {
        k.lstmForward(units, rows, zRows, cRows, outRows);
      } else if (part == 1) {
        k.gruForward(units, rows, zRows, hRows, outRows);
      }
    }

    private void functions(Kernels k) {
      if (rows > 1) {
        k.lstmBackward(units, z, 0, out, 0, out, 0, h, c, 0);
        for (Pairwise what : PAIRWISE) {
          k.pairwise(what, units, c, 0, out, 0, out, 0);
        }
      }
      k.sigmoid(z, 0, units);
      k.tanh(z, 0, units);
      k.exp(z, 0, units);
    }

    /** What is left behind, to compare sets of kernels by. */
    int hash() {
      int hash = 0;
      for (int row = 0; row < rows; row++) {
        for (int j = 0; j < units; j++) {
          hash = 31 * hash + Float.floatToIntBits(c[row * cRows.stride + j]);
          hash = 31 * hash + Float.floatToIntBits(out[row * outRows.stride + j]);
          hash = 31 * hash + Float.floatToIntBits(z[row * zRows.stride + j]);
        }
      }
      return hash;
    }
  }

  /** The kernels that do nothing. */
  static final class Idle extends Kernels {
    @Override
    public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows z) {}

    @Override
    public void lstmForward(int units, int rows, Rows z, Rows c, Rows h) {}

    @Override
    public void gruForward(int units, int rows, Rows z, Rows old, Rows h) {}

    @Override
    public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {}

    @Override
    public void lstmBackward(int units, float[] z, int at, float[] old, int oldAt, float[] out, int outAt, float[] dh, float[] dc,
        int dAt) {}

    @Override
    void sigmoid(float[] a, int at, int n) {}

    @Override
    void tanh(float[] a, int at, int n) {}

    @Override
    void exp(float[] a, int at, int n) {}
  }

  private final WeightFormat packing;
  private final Kernels scalar;
  /** What is handed over to, one after the other. */
  private final Kernels[] goals;
  /** What runs before each of them. */
  private final List<List<Case>> cases = List.of(new ArrayList<>(), new ArrayList<>());
  /** The goal that is next; {@code goals.length} if there is none. */
  private int stage;
  private int wins;
  private String failure;

  /**
   * Loads the SIMD kernels, on the calling thread; only where {@link KernelChoice#simd()}.
   *
   * @param packing whose kernels
   */
  public KernelWarmUp(WeightFormat packing) {
    this.packing = packing;
    scalar = KernelSettings.scalarKernels(packing);
    Kernels vector = KernelSettings.vectorKernels(packing);
    goals = new Kernels[] {new PartlyVectorKernels(vector, scalar), vector};
    Kernels runs = KernelChoice.current(packing);
    stage = runs instanceof ScalarKernels || KernelSettings.AT_ONCE ? 0 : runs instanceof PartlyVectorKernels ? 1 : goals.length;
    int lanes = KernelChoice.lanes();
    // One, two, three and many panels; wide and narrow ones; one row, tiles of four rows and taller ones, more rows than are
    // copied at a time. Loops are short: after 40,000 trips the compiler would turn to the loop in the middle of a call, which
    // helps nobody else.
    List<Case> one = cases.get(0);
    one.add(new Case(packing, 1, 1, 1, true, true));
    one.add(new Case(packing, 3, lanes + 1, 1, true, true));
    one.add(new Case(packing, 2, 2 * lanes + 3, 1, true, false));
    one.add(new Case(packing, 4, 5 * lanes, 1, true, false));
    one.add(new Case(packing, 5, 3, 1, false, false));
    List<Case> several = cases.get(1);
    several.add(new Case(packing, 3, lanes, 9, true, true));
    several.add(new Case(packing, 2, 2 * lanes + 1, 5, true, false));
    several.add(new Case(packing, 3, 4 * lanes + 1, 4, true, false));
    several.add(new Case(packing, 5, 3, 34, false, false));
  }

  /**
   * The sets of kernels that may take turns at a call site: SIMD only once it is compiled, as a large model would take seconds.
   *
   * @return two or three sets of kernels; a SIMD one, the newest, is the second
   */
  public List<Kernels> usable() {
    int ready = wins > 0 ? stage : stage - 1;
    return ready < 0 ? List.of(scalar, KernelSettings.IDLE) : List.of(scalar, goals[ready], KernelSettings.IDLE);
  }

  /**
   * Runs the kernels once on every case with every kernels, compares, times, and hands over if it is time to. Where SIMD has run
   * from the first call it does the same, so that nobody else waits for the compiler.
   *
   * @return true while there is something left to do
   */
  public boolean round() {
    if (failure != null || stage == goals.length) {
      return false;
    }
    Kernels simd = goals[stage];
    for (Case one : cases.get(stage)) {
      // As of a new session: compiled code that has not met one for long would be thrown away with the next.
      one.zRows.copies = null;
      one.run(scalar);
      one.run(simd);
      one.run(KernelSettings.IDLE);
    }
    wins = fast(simd) ? wins + 1 : 0;
    if (wins >= WINS) {
      if (sameBits(simd)) {
        if (KernelChoice.simdPending(packing)) {
          KernelChoice.switchTo(packing, simd);
        }
        wins = 0;
        stage++;
      } else {
        failure = "SIMD and scalar kernels differ on this machine";
      }
    }
    return failure == null && stage < goals.length;
  }

  /**
   * Why there will be no hand-over.
   *
   * @return a sentence, or null
   */
  public String failure() {
    return failure;
  }

  private boolean fast(Kernels simd) {
    // Part by part: one that is not compiled yet would hide behind the others.
    for (Case one : cases.get(stage)) {
      for (int part = 0; one.units > 3 && part <= one.forms.length; part++) {
        if (time(one, part, simd) > time(one, part, scalar)) {
          return false;
        }
      }
    }
    return true;
  }

  private static long time(Case one, int part, Kernels k) {
    long start = System.nanoTime();
    for (int i = 0; i < TIMED; i++) {
      one.run(k, part);
    }
    return System.nanoTime() - start;
  }

  private boolean sameBits(Kernels simd) {
    for (Case one : cases.get(stage)) {
      one.reset();
      one.run(scalar);
      int expected = one.hash();
      one.reset();
      one.run(simd);
      if (one.hash() != expected) {
        return false;
      }
    }
    return true;
  }
}
