package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Misuse of a session is an exception that says what was expected, before anything changes. */
class SessionArgumentsTest {
  private static final Network NETWORK =
      Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4).returnSequences(true), new Dense(2)).freeze();

  /** A session of four rows in the middle of its streams. */
  private final Session session = NETWORK.session(4);
  private final State before;
  private final float[] y = new float[4 * 3 * 2];

  SessionArgumentsTest() {
    session.step(Samples.floats(1, 4 * 3, 1), new float[8]);
    before = session.state();
  }

  private <T extends RillException> String refused(Class<T> type, Executable call) {
    String message = assertThrows(type, call).getMessage();
    Samples.assertBits(before, session.state(), "state after a refusal");
    Samples.assertBits(new float[y.length], y, "outputs after a refusal");
    // And the session still works.
    session.step(Samples.floats(2, 4 * 3, 1), new float[8]);
    session.state(before);
    return message;
  }

  private String misfit(Executable call) {
    return refused(ShapeException.class, call);
  }

  private static float[] x(int rows, int steps) {
    return Samples.floats(3, rows * steps * 3, 1);
  }

  @Test
  void arraysThatAreTooShort() {
    String message = misfit(() -> session.step(new float[11], y));
    assertTrue(message.contains("11") && message.contains("12"), message);
    message = misfit(() -> session.step(x(4, 1), new float[7]));
    assertTrue(message.contains("7") && message.contains("8"), message);
    misfit(() -> session.run(3, new float[4 * 3 * 3 - 1], y));
    misfit(() -> session.run(3, x(4, 3), new float[4 * 3 * 2 - 1]));
    misfit(() -> session.step(new int[] {0, 1}, 2, new float[5], y));
    misfit(() -> session.run(new int[] {0, 1}, 2, 3, x(2, 3), new float[11]));
  }

  @Test
  void longerArraysAreFine() {
    session.step(new float[100], new float[100]);
  }

  @Test
  void rowsOutOfRange() {
    String message = misfit(() -> session.step(new int[] {0, 4}, 2, x(2, 1), y));
    assertTrue(message.contains("row 4") && message.contains("4 rows"), message);
    misfit(() -> session.step(new int[] {-1}, 1, x(1, 1), y));
    misfit(() -> session.run(new int[] {1, 2, 99}, 3, 2, x(3, 2), y));
    misfit(() -> session.reset(4));
    misfit(() -> session.reset(-1));
    misfit(() -> session.copy(0, 4));
    misfit(() -> session.copy(-1, 0));
  }

  @Test
  void rowsGivenTwice() {
    String message = misfit(() -> session.step(new int[] {2, 2}, 2, x(2, 1), y));
    assertTrue(message.contains("row 2") && message.contains("twice"), message);
    misfit(() -> session.step(new int[] {3, 1, 0, 3}, 4, x(4, 1), y));
    misfit(() -> session.run(new int[] {0, 1, 0}, 3, 2, x(3, 2), y));
    // Beyond n they do not count.
    session.step(new int[] {3, 1, 3}, 2, x(2, 1), y);
  }

  @Test
  void countsThatMakeNoSense() {
    misfit(() -> session.step(new int[] {0, 1}, 3, x(3, 1), y));
    misfit(() -> session.step(new int[] {0, 1}, -1, x(3, 1), y));
    misfit(() -> session.run(-1, x(4, 1), y));
  }

  @Test
  void negativeNumbersAreNamedAsTheyCame() {
    String message = misfit(() -> session.run(-1, x(4, 1), y));
    assertTrue(message.contains("got -1") && message.contains("at least 0"), message);
    message = misfit(() -> session.step(new int[] {0, 1}, -3, x(3, 1), y));
    assertTrue(message.contains("-3: expected 0 to 2"), message);
  }

  @Test
  void whatIsMissingIsNamed() {
    List<Executable> calls = List.of(() -> session.step(null, y), () -> session.step(x(4, 1), null),
        () -> session.step(null, 2, x(2, 1), y), () -> session.run(null, 99, 1, x(99, 1), y), () -> session.run(2, null, y),
        () -> session.run(new int[] {1}, 1, 2, x(1, 2), null), () -> session.step((Tensor[]) null, new Tensor[1]),
        () -> session.step(new Tensor[1], new Tensor[] {Tensor.zeros(4, 2)}),
        () -> session.step(new Tensor[] {Tensor.zeros(4, 3)}, new Tensor[1]), () -> session.state(null),
        () -> session.stateOfOtherWeights(null), () -> NETWORK.session(1, null), () -> NETWORK.session(null),
        () -> NETWORK.warmUp(null));
    for (Executable call : calls) {
      String message = refused(RillException.class, call);
      assertTrue(message.contains("missing"), message);
    }
  }

  /** Sizes whose product needs more than 32 bits, and more than 64. */
  @Test
  void sizesBeyondAnyArray() {
    misfit(() -> session.run(1 << 30, x(4, 1), y));
    misfit(() -> session.run(Integer.MAX_VALUE, x(4, 1), y));
    Session wide = Sequential.of(Input.shape(Shape.UNKNOWN, 8192), new LSTM(1)).freeze().session(1 << 12);
    float[] last = new float[1 << 12];
    for (int steps : new int[] {1 << 18, 1 << 19, 1 << 30, Integer.MAX_VALUE}) {
      assertThrows(ShapeException.class, () -> wide.run(steps, new float[0], last));
      assertThrows(ShapeException.class, () -> wide.run(steps, new float[8192], last));
    }
    Samples.assertBits(new float[1 << 12], last, "outputs");
    Session none = Sequential.of(Input.shape(16), new Dense(16)).freeze().session(Integer.MAX_VALUE);
    assertThrows(ShapeException.class, () -> none.step(new float[16], new float[16]));
  }

  @Test
  void moreStreamsThanThereIsRoomFor() {
    for (int rows : new int[] {600_000_000, Integer.MAX_VALUE}) {
      String message = assertThrows(ShapeException.class, () -> NETWORK.session(rows)).getMessage();
      assertTrue(message.contains(String.valueOf(rows)) && message.contains("layer lstm") && message.contains("bytes"), message);
      misfit(() -> session.resize(rows));
    }
    // They fit into arrays, and hardly into a heap.
    for (int rows = 130_000_000; 2L * 64 * rows > Runtime.getRuntime().maxMemory(); rows = 0) {
      int most = rows;
      refused(RillException.class, () -> session.resize(most));
    }
    assertEquals(4, session.rows());
  }

  @Test
  void severalStepsOfAModelWithoutATimeAxis() {
    Session flat = Sequential.of(Input.shape(3), new Dense(2)).freeze().session(4);
    assertThrows(ShapeException.class, () -> flat.run(3, x(4, 3), new float[24]));
    flat.run(1, x(4, 1), new float[8]);
  }

  @Test
  void nothingToDoIsNoError() {
    session.step(new int[0], 0, new float[0], new float[0]);
    session.run(0, new float[0], new float[0]);
    session.step(new Tensor[] {Tensor.zeros(4, 0, 3)}, new Tensor[] {Tensor.zeros(4, 0, 2)});
    Samples.assertBits(before, session.state(), "nothing done");
  }

  @Test
  void stepsOfNoRowsAreNoErrorHoweverOften() {
    Session none = NETWORK.session(0);
    for (int call = 0; call < 3; call++) {
      none.step(new float[0], new float[0]);
      session.step(new int[0], 0, new float[0], new float[0]);
    }
    Samples.assertBits(before, session.state(), "state");
  }

  /** Rather than leaving what the caller would take for it. */
  @Test
  void noStepsHaveNoLastOutput() {
    Session last = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(2)).freeze().session(2);
    float[] old = {1, 2, 3, 4};
    Tensor out = Tensor.of(old.clone(), 2, 2);
    assertThrows(ShapeException.class, () -> last.step(new Tensor[] {Tensor.zeros(2, 0, 3)}, new Tensor[] {out}));
    assertThrows(ShapeException.class, () -> last.run(0, new float[0], out.array()));
    assertThrows(ShapeException.class, () -> last.run(new int[] {1}, 1, 0, new float[0], out.array()));
    Samples.assertBits(old, out.toArray(), "output");
    // Of no rows there is none either.
    last.run(new int[0], 0, 0, new float[0], new float[0]);
    last.resize(0);
    last.run(0, new float[0], new float[0]);
    last.step(new Tensor[] {Tensor.zeros(0, 0, 3)}, new Tensor[] {Tensor.zeros(0, 2)});
  }

  @Test
  void idsOutOfRangeInAnyStep() {
    Session ids = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(5, 3), new LSTM(2)).freeze().session(1);
    for (int step = 0; step < 3; step++) {
      assertThrows(RillException.class, () -> ids.step(new float[] {5}, new float[2]));
      ids.step(new float[] {step}, new float[2]);
    }
  }

  @Test
  void inputsAndOutputsInOneArray() {
    float[] both = new float[100];
    misfit(() -> session.step(both, both));
    misfit(() -> session.run(2, both, both));
  }

  @Test
  void tensorsThatShareAnArray() {
    Tensor all = Tensor.zeros(4, 5);
    misfit(() -> session.step(new Tensor[] {all.steps(0, 3)}, new Tensor[] {all.steps(3, 5)}));
  }

  @Test
  void outputsThatShareAnElement() {
    Symbol in = Input.shape(Shape.UNKNOWN, 3);
    Symbol h = new LSTM(4).returnSequences(true).apply(in);
    Model model = Model.of(List.of(in), List.of(new Dense(2).apply(h), new Dense(2).apply(h)));
    Network two = model.freeze();
    Tensor[] input = {Tensor.of(Samples.floats(1, 2 * 2 * 3, 1), 2, 2, 3)};
    Tensor[] apart = {Tensor.zeros(2, 2, 2), Tensor.zeros(2, 2, 2)};
    two.session(2).step(input, apart);
    Session fresh = two.session(2);
    Tensor all = Tensor.zeros(4, 4, 2);
    Tensor[][] overlapping = {{apart[0], apart[0]}, {all.rows(0, 2).steps(0, 2), all.rows(1, 3).steps(0, 2)},
        {all.rows(0, 2).steps(0, 2), all.rows(0, 2).steps(1, 3)},
        {all.rows(0, 2).steps(0, 2), Tensor.of(all.array(), 8, 2, 2).rows(1, 3)}};
    for (Tensor[] outputs : overlapping) {
      assertThrows(ShapeException.class, () -> fresh.step(input, outputs));
    }
    Samples.assertBits(two.session(2).state(), fresh.state(), "state after refusals");
    // Views that lie between each other's rows are none of that kind.
    Tensor[] between = {all.rows(1, 3).steps(0, 2), all.rows(1, 3).steps(2, 4)};
    fresh.step(input, between);
    assertEquals(apart[0], between[0]);
    assertEquals(apart[1], between[1]);
  }

  @Test
  void tensorsOfOtherShapes() {
    Tensor[] one = {Tensor.zeros(4, 3)};
    String message = misfit(() -> session.step(new Tensor[] {Tensor.zeros(3, 3)}, new Tensor[] {Tensor.zeros(4, 2)}));
    assertTrue(message.contains("(3, 3)") && message.contains("(4, "), message);
    misfit(() -> session.step(one, new Tensor[] {Tensor.zeros(4, 3)}));
    misfit(() -> session.step(new Tensor[] {Tensor.zeros(4, 2, 3)}, new Tensor[] {Tensor.zeros(4, 2)}));
    misfit(() -> session.step(new Tensor[] {Tensor.zeros(4, 2, 3)}, new Tensor[] {Tensor.zeros(4, 3, 2)}));
    misfit(() -> session.step(new Tensor[0], new Tensor[] {Tensor.zeros(4, 2)}));
    misfit(() -> session.step(one, new Tensor[0]));
  }

  @Test
  void tensorsThatAreViewsAreReadAndWrittenInPlace() {
    Tensor long3 = Tensor.of(Samples.floats(5, 4 * 6 * 3, 1), 4, 6, 3);
    Tensor out = Tensor.zeros(4, 9, 2);
    session.step(new Tensor[] {long3.steps(1, 4)}, new Tensor[] {out.steps(5, 8)});
    Session other = NETWORK.session(before);
    float[] expected = new float[4 * 3 * 2];
    other.run(3, long3.steps(1, 4).toArray(), expected);
    Samples.assertBits(expected, out.steps(5, 8).toArray(), "written through a view");
    Samples.assertBits(new float[4 * 5 * 2], out.steps(0, 5).toArray(), "before the view");
    Samples.assertBits(new float[4 * 2], out.steps(8, 9).toArray(), "behind the view");
  }

  @Test
  void severalInputsNeedTensors() {
    Symbol a = Input.shape(Shape.UNKNOWN, 3);
    Symbol b = Input.shape(2);
    Model model = Model.of(List.of(a, b), List.of(new GRU(4).apply(a), new Dense(5).apply(b)));
    Session two = model.freeze().session(3);
    ShapeException refusal = assertThrows(ShapeException.class, () -> two.step(new float[9], new float[12]));
    assertTrue(refusal.getMessage().contains("2 inputs"), refusal.getMessage());
    Tensor x = Tensor.of(Samples.floats(1, 3 * 4 * 3, 1), 3, 4, 3);
    Tensor flat = Tensor.of(Samples.floats(2, 6, 1), 3, 2);
    Tensor[] got = {Tensor.zeros(3, 4), Tensor.zeros(3, 5)};
    two.step(new Tensor[] {x, flat}, got);
    List<Tensor> expected = model.predict(List.of(x, flat), 3);
    Samples.assertBits(expected.get(0).toArray(), got[0].toArray(), "first output");
    Samples.assertBits(expected.get(1).toArray(), got[1].toArray(), "second output");
  }

  @Test
  void aNegativeNumberOfStreams() {
    assertThrows(ShapeException.class, () -> NETWORK.session(-1));
  }

  @Test
  void aWorkspaceOfAnotherNetwork() {
    Network other = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4)).freeze();
    assertThrows(StateException.class, () -> NETWORK.session(1, other.workspace()));
  }

  @Test
  void modelsThatNeedTheWholeTimeAxisOpenNoSession() {
    Network backwards =
        Sequential.of(Input.shape(Shape.UNKNOWN, 3), new SimpleRNN(4).named("last_first").goBackwards(true)).freeze();
    assertFalse(backwards.streams());
    String message = assertThrows(StateException.class, () -> backwards.session(1)).getMessage();
    assertTrue(message.contains("last_first") && message.contains("predict"), message);
    Symbol x = Input.shape(Shape.UNKNOWN, 3);
    List<Symbol> encoded = new GRU(4).returnState(true).call(x);
    Network decoder = Model.of(x, new GRU(4).named("decoder").call(x, encoded.get(1)).get(0)).freeze();
    message = assertThrows(StateException.class, () -> decoder.session(1)).getMessage();
    assertTrue(message.contains("decoder"), message);
    Symbol twice = Input.shape(Shape.UNKNOWN, 3);
    SimpleRNN shared = new SimpleRNN(3).named("shared").returnSequences(true);
    Network again = Model.of(twice, shared.apply(shared.apply(twice))).freeze();
    message = assertThrows(StateException.class, () -> again.session(1)).getMessage();
    assertTrue(message.contains("shared"), message);
    assertTrue(NETWORK.streams());
  }

  /** Best effort: as long as one thread is inside a call, another is turned away. */
  @Test
  @Timeout(60)
  void aSecondThreadIsTurnedAway() throws InterruptedException {
    Session busy = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new LSTM(8)).freeze().session(1);
    int steps = 1 << 14;
    float[] x = new float[steps];
    CountDownLatch started = new CountDownLatch(1);
    Thread owner = new Thread(() -> {
      float[] out = new float[8];
      started.countDown();
      while (!Thread.currentThread().isInterrupted()) {
        busy.run(steps, x, out);
      }
    });
    owner.start();
    started.await();
    StateException refusal = null;
    while (refusal == null) {
      Thread.sleep(1);
      try {
        busy.rows();
        busy.copy(0, 0);
      } catch (StateException e) {
        refusal = e;
      }
    }
    owner.interrupt();
    owner.join();
    assertTrue(refusal.getMessage().contains("two threads"), refusal.getMessage());
    // Alone again, the session works.
    busy.step(new float[1], new float[8]);
    assertEquals(1, busy.rows());
  }
}
