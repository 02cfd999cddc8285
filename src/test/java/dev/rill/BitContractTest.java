package dev.rill;

import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * One result, to the bit: random models and shapes, each stream run alone and step by step as the reference, and every
 * other way of feeding the same data compared with it.
 */
class BitContractTest {
  private static final int MODELS = 40;

  /** One model, its data, and the reference. */
  private static final class Case {
    final long seed;
    final Sequential model;
    final Network network;
    final int rows;
    final int steps;
    final int in;
    final int out;
    /** [rows][steps][in]. */
    final float[] x;
    /** Output of every step: [rows][steps][out]. */
    final float[] y;
    /** State of every row after its last step. */
    final State[] states;

    Case(long seed) {
      this.seed = seed;
      Random random = new Random(seed);
      model = Samples.streaming(seed);
      network = model.freeze();
      rows = 1 + random.nextInt(9);
      steps = 2 + random.nextInt(12);
      in = network.inputFeatures(0);
      out = network.outputFeatures(0);
      x = random.nextInt(4) == 0 ? Samples.floats(seed, rows * steps * in, 1000)
          : Samples.floats(seed, rows * steps * in, 2);
      y = new float[rows * steps * out];
      states = new State[rows];
      float[] input = new float[in];
      float[] output = new float[out];
      for (int row = 0; row < rows; row++) {
        Session alone = network.session(1);
        for (int t = 0; t < steps; t++) {
          System.arraycopy(x, (row * steps + t) * in, input, 0, in);
          alone.step(input, output);
          System.arraycopy(output, 0, y, (row * steps + t) * out, out);
        }
        states[row] = alone.state();
      }
    }

    boolean sequences() {
      return model.graph().shape(model.graph().outputs().get(0)).rank() == 3;
    }

    /** Inputs of some rows, each from a step of its own. */
    float[] inputs(int[] some, int[] from, int count) {
      float[] part = new float[some.length * count * in];
      for (int i = 0; i < some.length; i++) {
        System.arraycopy(x, (some[i] * steps + from[i]) * in, part, i * count * in, count * in);
      }
      return part;
    }

    /** Compares what a call gave with the reference: all its steps, or the last one only. */
    void check(int[] some, int[] from, int count, float[] got, String what) {
      int given = sequences() ? count : 1;
      for (int i = 0; i < some.length; i++) {
        int first = some[i] * steps + from[i] + count - given;
        Samples.assertBits(y, first * out, got, i * given * out, given * out, what(what) + ", row " + some[i]);
      }
    }

    void checkStates(State all, String what) {
      for (int row = 0; row < rows; row++) {
        Samples.assertBits(states[row], all.gather(row), what(what) + ", row " + row);
      }
    }

    String what(String what) {
      return what + ", model " + seed + " with " + rows + " rows of " + steps + " steps";
    }

    int[] all() {
      int[] all = new int[rows];
      for (int row = 0; row < rows; row++) {
        all[row] = row;
      }
      return all;
    }

    int[] from(int t) {
      int[] from = new int[rows];
      Arrays.fill(from, t);
      return from;
    }

    /** Runs everything through one session, time cut into random calls. */
    void runInChunks(Session session, Random random, String what) {
      for (int t = 0; t < steps; ) {
        int count = Math.min(steps - t, 1 + random.nextInt(5));
        float[] got = new float[rows * count * out];
        session.run(count, inputs(all(), from(t), count), got);
        check(all(), from(t), count, got, what);
        t += count;
      }
      checkStates(session.state(), what);
    }
  }

  private static List<Case> cases(int first, int count) {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      cases.add(new Case(first + i));
    }
    return cases;
  }

  @Test
  void oneCallOfAllStepsEqualsOneCallAStep() {
    for (Case c : cases(0, MODELS)) {
      Session session = c.network.session(c.rows);
      float[] got = new float[c.rows * c.steps * c.out];
      session.run(c.steps, c.x, got);
      c.check(c.all(), c.from(0), c.steps, got, "one call");
      c.checkStates(session.state(), "one call");
    }
  }

  @Test
  void timeMayBeCutIntoAnyCalls() {
    for (Case c : cases(100, MODELS)) {
      c.runInChunks(c.network.session(c.rows), new Random(c.seed), "chunks");
    }
  }

  /** More steps and rows than one block of time holds. */
  @Test
  void longStretchesEqualSingleSteps() {
    for (int rows : new int[] {1, 3, 5}) {
      checkLongStretch(Samples.streaming(7 + rows).freeze(), rows, 150);
    }
  }

  /** Those are carried out in stretches whatever the number of rows; the last one here is a single step. */
  @Test
  void longStretchesOfWeightsThatNoCacheHoldsEqualSingleSteps() {
    checkLongStretch(Sequential.of(Input.shape(Shape.UNKNOWN, 256), new LSTM(1024)).freeze(), 30, 9);
    checkLongStretch(Sequential.of(Input.shape(Shape.UNKNOWN, 300), new GRU(1200)).freeze(), 30, 9);
  }

  private static void checkLongStretch(Network network, int rows, int steps) {
    int in = network.inputFeatures(0);
    int out = network.outputFeatures(0);
    float[] x = Samples.floats(1, rows * steps * in, 1);
    Session whole = network.session(rows);
    whole.run(steps, x, new float[rows * steps * out]);
    Session single = network.session(rows);
    float[] one = new float[rows * in];
    float[] y = new float[rows * out];
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(x, (row * steps + t) * in, one, row * in, in);
      }
      single.step(one, y);
    }
    Samples.assertBits(single.state(), whole.state(), rows + " rows");
  }

  @Test
  void rowsMayBeSteppedInAnySubsetsAndOrders() {
    for (Case c : cases(200, MODELS)) {
      Random random = new Random(c.seed);
      Session session = c.network.session(c.rows);
      int[] clock = new int[c.rows];
      List<Integer> open = new ArrayList<>();
      for (int row = 0; row < c.rows; row++) {
        open.add(row);
      }
      while (!open.isEmpty()) {
        Collections.shuffle(open, random);
        int n = 1 + random.nextInt(open.size());
        int[] some = new int[n];
        int[] from = new int[n];
        int most = c.steps;
        for (int i = 0; i < n; i++) {
          some[i] = open.get(i);
          from[i] = clock[some[i]];
          most = Math.min(most, c.steps - from[i]);
        }
        int count = 1 + random.nextInt(Math.min(3, most));
        float[] got = new float[n * count * c.out];
        // Elements of the array beyond n do not count.
        int[] longer = Arrays.copyOf(some, n + 2);
        if (count == 1) {
          session.step(longer, n, c.inputs(some, from, 1), got);
        } else {
          session.run(longer, n, count, c.inputs(some, from, count), got);
        }
        c.check(some, from, count, got, "subsets");
        for (int row : some) {
          clock[row] += count;
        }
        open.removeIf(row -> clock[row] == c.steps);
      }
      c.checkStates(session.state(), "subsets");
    }
  }

  @Test
  void aRowDoesNotDependOnItsPlaceNorOnTheRowsBesideIt() {
    for (Case c : cases(300, MODELS)) {
      Random random = new Random(c.seed);
      // Each stream somewhere in a larger session, between streams of other data, some of it not even finite.
      int size = c.rows + 4;
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        places.add(i);
      }
      Collections.shuffle(places, random);
      Session session = c.network.session(size);
      float[] got = new float[size * c.steps * c.out];
      float[] x = Samples.withSpecials(c.seed, size * c.steps * c.in, 3);
      for (int row = 0; row < c.rows; row++) {
        System.arraycopy(c.x, row * c.steps * c.in, x, places.get(row) * c.steps * c.in, c.steps * c.in);
      }
      session.run(c.steps, x, got);
      int given = c.sequences() ? c.steps : 1;
      for (int row = 0; row < c.rows; row++) {
        float[] own = Arrays.copyOfRange(got, places.get(row) * given * c.out,
            (places.get(row) + 1) * given * c.out);
        c.check(new int[] {row}, new int[] {0}, c.steps, own, "places");
        Samples.assertBits(c.states[row], session.state().gather(places.get(row)), c.what("places"));
      }
    }
  }

  @Test
  void predictEqualsSessions() {
    for (Case c : cases(400, MODELS)) {
      Tensor x = Tensor.of(c.x, c.rows, c.steps, c.in);
      for (int batch : new int[] {1, 2, 3, 32}) {
        c.check(c.all(), c.from(0), c.steps, c.model.predict(x, batch).toArray(), "predict in batches of " + batch);
      }
      c.check(c.all(), c.from(0), c.steps, c.model.predictOnBatch(x).toArray(), "predictOnBatch");
    }
  }

  @Test
  void sessionsOfOneThreadMayShareAWorkspace() {
    for (Case c : cases(500, 15)) {
      Workspace workspace = c.network.workspace();
      Session[] sessions = new Session[c.rows];
      for (int row = 0; row < c.rows; row++) {
        sessions[row] = c.network.session(1, workspace);
      }
      for (int t = 0; t < c.steps; t++) {
        for (int row = 0; row < c.rows; row++) {
          float[] got = new float[c.out];
          sessions[row].step(c.inputs(new int[] {row}, new int[] {t}, 1), got);
          c.check(new int[] {row}, new int[] {t}, 1, got, "shared workspace");
        }
      }
      c.runInChunks(c.network.session(c.rows, workspace), new Random(c.seed), "shared workspace, many rows");
    }
  }

  @Test
  void threadsWithSessionsOfTheirOwnEqualOneThread() throws InterruptedException {
    List<Case> cases = cases(600, 12);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Random random = new Random(i);
      Thread thread = new Thread(() -> {
        for (int round = 0; round < 8; round++) {
          for (Case c : cases) {
            c.runInChunks(c.network.session(c.rows), random, "threads");
          }
        }
      });
      thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  /** Both sets of kernels run in this process: after the hand-over in the middle of a stream, the bits go on as before. */
  @Test
  void theStateOfAStreamIsTheSameBitsAfterThousandsOfSteps() {
    Network network = Samples.streaming(42).freeze();
    int in = network.inputFeatures(0);
    int out = network.outputFeatures(0);
    Session a = network.session(1);
    Session b = network.session(5);
    float[] y = new float[5 * out];
    for (int t = 0; t < 2000; t++) {
      float[] x = Samples.floats(t, in, 1);
      a.step(x, y);
      float[] five = new float[5 * in];
      for (int row = 0; row < 5; row++) {
        System.arraycopy(x, 0, five, row * in, in);
      }
      b.step(five, y);
    }
    for (int row = 0; row < 5; row++) {
      Samples.assertBits(a.state(), b.state().gather(row), "row " + row);
    }
  }
}
