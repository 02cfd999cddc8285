package dev.rill.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * The warm-up of the kernels: gets those of SIMD compiled before anybody waits for them, and switches to them when they are.
 *
 * <p>Until it is compiled, Vector API code boxes every vector and is a hundred times slower than scalar code. So rounds of
 * every kernel run on small dummy data: each loop with none, one and many trips, so that the compiled code has seen every
 * branch it will meet, and at call sites that see three sets of kernels, so that the kernels are compiled on their own and not
 * into this loop (steps of one kernel are too large for that). There are two stages: the kernels of one row, which streams wait
 * for, then all. When every part of a stage takes less than the scalar time three times running, and gives the same bits, the
 * process switches to its kernels. The third set does nothing; being loaded from the start it also keeps compiled code from
 * assuming that there is only one, which loading the second would throw away.
 */
public final class KernelWarmUp {
  /** Rounds running in which SIMD must be faster. */
  private static final int FASTER_ROUNDS = 3;
  private static final Pairwise[] PAIRWISE = Pairwise.values();
  /** Calls of a kernel in one timing: long enough for the clock, short enough while it is still interpreted. */
  private static final int TIMED = 32;
  /** Rounds until cases of several chains run again: as long as they are not compiled, they take long. */
  private static final int SELDOM = 32;
  /** Recurrent inputs of float32 cases: as few as will do, where units are many. */
  private static final int FEW = 2;

  /** Dummy data for one set of sizes. */
  private static final class Case {
    final int units;
    final int rows;
    final boolean seldom;
    final boolean input;
    final boolean hidden;
    final PackedWeights[] weights;
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

    Case(WeightFormat format, int inputs, int units, int rows, boolean input, boolean hidden) {
      this.units = units;
      this.rows = rows;
      seldom = inputs > Kernels.CHAIN;
      this.input = input;
      this.hidden = hidden;
      int recurrent = seldom ? inputs : format == WeightFormat.FLOAT32 ? Math.min(units, FEW) : units;
      weights = new PackedWeights[] {
        PackedWeights.forWarmUp(PackedWeights.Form.LSTM, format, units, inputs, recurrent),
        PackedWeights.forWarmUp(PackedWeights.Form.GRU, format, units, inputs, recurrent),
        PackedWeights.forWarmUp(PackedWeights.Form.DENSE, format, units, inputs, recurrent)
      };
      int columns = Math.max(weights[0].outputLength(), Math.max(weights[1].outputLength(), weights[2].outputLength()));
      int stride = KernelChoice.padded(units);
      x = new float[rows * inputs];
      h = new float[rows * stride + recurrent];
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
      }
      for (int i = 0; i < c.length; i++) {
        c[i] = (i % 3 - 1) * 0.4f;
      }
    }

    /** One of the products and what follows it, or, behind these, the element-wise functions. */
    int parts() {
      return weights.length + 1;
    }

    void run(Kernels k) {
      for (int part = 0; part < parts(); part++) {
        run(k, part);
      }
    }

    void run(Kernels k, int part) {
      if (part == weights.length) {
        functions(k);
        return;
      }
      PackedWeights w = weights[part];
      k.matmul(w, rows, null, input ? xRows : null, hidden ? hRows : null, zRows);
      k.matmul(w, rows, zRows, null, hidden ? hRows : null, zRows);
      if (part == 0) {
        k.lstmForward(units, rows, zRows, cRows, outRows);
      } else if (part == 1) {
        k.gruForward(units, rows, zRows, hRows, outRows);
      }
      if (input && hidden && part == 0) {
        k.lstmStep(w, units, rows, xRows, hRows, cRows, zRows, outRows);
        k.lstmStep(w, units, rows, null, hRows, cRows, zRows, outRows);
      } else if (input && hidden && part == 1) {
        k.gruStep(w, units, rows, xRows, hRows, zRows, outRows);
        k.gruStep(w, units, rows, null, hRows, zRows, outRows);
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

  /** Kernels that do nothing. */
  static final class Idle extends Kernels {
    Idle() {
      super(null);
    }

    @Override
    public void matmul(PackedWeights w, int rows, Rows start, Rows x, Rows h, Rows out) {}

    @Override
    public void lstmForward(int units, int rows, Rows gates, Rows c, Rows h) {}

    @Override
    public void lstmBackward(int units, float[] gates, int at, float[] cOld, int cOldAt, float[] tanhC, int tanhCAt,
        float[] dh, float[] dc, int dAt) {}

    @Override
    public void gruForward(int units, int rows, Rows gates, Rows hOld, Rows h) {}

    @Override
    public void pairwise(Pairwise what, int n, float[] a, int aAt, float[] b, int bAt, float[] to, int toAt) {}

    @Override
    void sigmoid(float[] a, int at, int n) {}

    @Override
    void tanh(float[] a, int at, int n) {}

    @Override
    void exp(float[] a, int at, int n) {}
  }

  private final WeightFormat format;
  private final Kernels scalar;
  /** What the process switches to, stage by stage. */
  private final Kernels[] stages;
  /** What runs before it does. */
  private final List<List<Case>> cases = List.of(new ArrayList<>(), new ArrayList<>());
  /** The stage under way; {@code stages.length} if all is done. */
  private int stage;
  /** Rounds running in which this stage's kernels have been faster. */
  private int faster;
  private int rounds;
  private String failure;

  /**
   * Loads the SIMD kernels, on the calling thread; only where {@link KernelChoice#simd()}.
   *
   * @param format of the weights, each of which has kernels of its own
   */
  public KernelWarmUp(WeightFormat format) {
    this.format = format;
    scalar = KernelSettings.scalarKernels(format);
    Kernels vector = KernelSettings.vectorKernels(format);
    stages = new Kernels[] {new PartlyVectorKernels(vector, scalar), vector};
    Kernels runs = KernelChoice.current(format);
    stage = runs instanceof ScalarKernels || KernelSettings.AT_ONCE ? 0 : runs instanceof PartlyVectorKernels ? 1 : stages.length;
    int lanes = KernelChoice.lanes();
    // One, two, three and many panels; wide and narrow ones; one row, tiles of four rows and taller ones, more rows than are
    // copied at a time; one chain and, behind all others, two. Loops are short: after 40,000 trips the compiler would turn to the
    // loop in the middle of a call, which helps nobody else.
    List<Case> one = cases.get(0);
    one.add(new Case(format, 1, 1, 1, true, true));
    one.add(new Case(format, 3, lanes + 1, 1, true, true));
    one.add(new Case(format, 3, 2 * lanes + 1, 1, true, true));
    one.add(new Case(format, FEW - 1, lanes, 1, true, true));
    one.add(new Case(format, FEW + 2, lanes, 1, true, true));
    one.add(new Case(format, 2, 2 * lanes + 3, 1, true, false));
    one.add(new Case(format, 4, 5 * lanes, 1, true, false));
    one.add(new Case(format, 5, 3, 1, false, false));
    // Past the steps of one kernel: streams of several rows must not be the first to go there.
    one.add(new Case(format, 3, 1, 2, true, true));
    one.add(new Case(format, Kernels.CHAIN + 3, 2 * lanes + 3, 1, true, true));
    List<Case> several = cases.get(1);
    several.add(new Case(format, 3, lanes, 9, true, true));
    several.add(new Case(format, 2, 2 * lanes + 1, 5, true, false));
    several.add(new Case(format, 3, 4 * lanes + 1, 4, true, false));
    several.add(new Case(format, 5, 3, 50, false, false));
    several.add(new Case(format, Kernels.CHAIN + 3, 1, 4, true, true));
    several.add(new Case(format, Kernels.CHAIN + 3, 3, 9, true, true));
  }

  /**
   * The sets of kernels that may take turns at a call site: SIMD only once it is compiled, as a large model would take seconds.
   *
   * @return two or three sets of kernels; a SIMD one, the newest, is the second
   */
  public List<Kernels> usable() {
    int ready = faster > 0 ? stage : stage - 1;
    return ready < 0 ? List.of(scalar, KernelSettings.IDLE) : List.of(scalar, stages[ready], KernelSettings.IDLE);
  }

  /**
   * Runs all sets of kernels once on every case of this stage, times and compares them, and switches if it is time to. Where SIMD
   * has run from the first call it does the same, so that nobody else waits for the compiler.
   *
   * @return true while there is something left to do
   */
  public boolean round() {
    if (failure != null || stage == stages.length) {
      return false;
    }
    Kernels simd = stages[stage];
    rounds++;
    for (Case one : cases.get(stage)) {
      if (one.seldom && rounds % SELDOM != 0) {
        continue;
      }
      // As of a new session: compiled code that has not met one for long would be thrown away with the next.
      one.zRows.copies = null;
      // Each kernel meets both ways, however many products a case has.
      one.zRows.turn();
      one.run(scalar);
      one.run(simd);
      one.run(KernelSettings.IDLE);
    }
    faster = fast(simd) ? faster + 1 : 0;
    if (faster >= FASTER_ROUNDS) {
      if (sameBits(simd)) {
        if (KernelChoice.simdPending(format)) {
          KernelChoice.switchTo(format, simd);
        }
        faster = 0;
        stage++;
      } else {
        failure = "SIMD and scalar kernels differ on this machine";
      }
    }
    return failure == null && stage < stages.length;
  }

  /**
   * Why the process will not switch to SIMD.
   *
   * @return a sentence, or null
   */
  public String failure() {
    return failure;
  }

  private boolean fast(Kernels simd) {
    // Part by part: one that is not compiled yet would hide behind the others.
    for (Case one : cases.get(stage)) {
      for (int part = 0; one.units > 3 && part < one.parts(); part++) {
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
