package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masked steps, ids, and layers of several inputs; that the numbers are those of Keras, the recorded cases tell. */
class MaskTest {
  private static final int IN = 3;
  private static final int ROWS = 5;
  private static final int STEPS = 70;

  private static List<Layer> cells(boolean sequences, boolean zeros) {
    return List.of(new LSTM(5).returnSequences(sequences).zeroOutputForMask(zeros),
        new LSTM(5).recurrentActivation("hard_sigmoid").returnSequences(sequences).zeroOutputForMask(zeros),
        new GRU(7).returnSequences(sequences).zeroOutputForMask(zeros),
        new GRU(4).resetAfter(false).returnSequences(sequences).zeroOutputForMask(zeros),
        new SimpleRNN(6).returnSequences(sequences).zeroOutputForMask(zeros));
  }

  private static Sequential masked(Layer... behind) {
    Layer[] layers = new Layer[behind.length + 1];
    layers[0] = new Masking(0.25);
    System.arraycopy(behind, 0, layers, 1, behind.length);
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), layers);
    model.initialize(3);
    return Samples.withBiases(model, 4);
  }

  /** [ROWS][STEPS][IN], about half of the steps filled with 0.25, the first ones among them. */
  private static float[] padded() {
    float[] x = Samples.floats(1, ROWS * STEPS * IN, 2);
    Random random = new Random(2);
    for (int cell = 0; cell < ROWS * STEPS; cell++) {
      if (random.nextBoolean() || cell % STEPS < 2) {
        Arrays.fill(x, cell * IN, (cell + 1) * IN, 0.25f);
      }
    }
    return x;
  }

  private static float[] part(float[] x, int from, int steps) {
    float[] part = new float[ROWS * steps * IN];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(x, (row * STEPS + from) * IN, part, row * steps * IN, steps * IN);
    }
    return part;
  }

  /** Alone and step by step, all in one call, in calls of any length, rows in any order: one result. */
  @Test
  void cuttingTimeAndBatchesChangesNoBit() {
    float[] x = padded();
    for (boolean zeros : new boolean[] {false, true}) {
      for (Layer cell : cells(true, zeros)) {
        Network network = masked(cell, new Dropout(0.5), new GRU(4).returnSequences(true), new Dense(2)).freeze();
        float[] y = new float[ROWS * STEPS * 2];
        float[] out = new float[2];
        State[] ends = new State[ROWS];
        for (int row = 0; row < ROWS; row++) {
          Session alone = network.session(1);
          for (int t = 0; t < STEPS; t++) {
            alone.step(Arrays.copyOfRange(x, (row * STEPS + t) * IN, (row * STEPS + t + 1) * IN), out);
            System.arraycopy(out, 0, y, (row * STEPS + t) * 2, 2);
          }
          ends[row] = alone.state();
        }
        float[] got = new float[y.length];
        network.session(ROWS).run(STEPS, x, got);
        Samples.assertBits(y, got, cell + " in one call");
        Session session = network.session(ROWS);
        int[] order = {3, 0, 4, 1, 2};
        Random random = new Random(5);
        for (int t = 0; t < STEPS; ) {
          int steps = Math.min(STEPS - t, 1 + random.nextInt(6));
          float[] in = part(x, t, steps);
          float[] mixed = new float[in.length];
          for (int i = 0; i < ROWS; i++) {
            System.arraycopy(in, order[i] * steps * IN, mixed, i * steps * IN, steps * IN);
          }
          float[] some = new float[ROWS * steps * 2];
          session.run(order, ROWS, steps, mixed, some);
          for (int i = 0; i < ROWS; i++) {
            Samples.assertBits(y, (order[i] * STEPS + t) * 2, some, i * steps * 2, steps * 2, cell + " in parts");
          }
          t += steps;
        }
        for (int row = 0; row < ROWS; row++) {
          Samples.assertBits(ends[row], session.state().gather(row), cell + " at the end");
        }
        Samples.assertBits(y, masked(cell, new Dropout(0.5), new GRU(4).returnSequences(true), new Dense(2))
            .predict(Tensor.of(x, ROWS, STEPS, IN)).toArray(), cell + " in predict");
      }
    }
  }

  /** A stream goes on as if its masked steps had not been. */
  @Test
  void maskedStepsLeaveNoTrace() {
    float[] x = padded();
    for (Layer cell : cells(false, false)) {
      Network network = masked(cell).freeze();
      float[] y = new float[network.outputFeatures(0)];
      float[] expected = y.clone();
      Session all = network.session(1);
      Session some = network.session(1);
      for (int t = 0; t < STEPS; t++) {
        float[] step = Arrays.copyOfRange(x, t * IN, (t + 1) * IN);
        all.step(step, y);
        if (step[0] != 0.25f || step[1] != 0.25f) {
          some.step(step, expected);
        }
        Samples.assertBits(expected, y, cell + " at step " + t);
      }
      Samples.assertBits(some.state(), all.state(), cell.toString());
    }
  }

  @Test
  void aCallOfTheModelStartsWithoutAnOutputAndASessionGoesOn() {
    Sequential model = masked(new LSTM(2).stateful(true));
    Tensor first = Tensor.of(new float[] {1, 2, 3}, 1, 1, IN);
    Tensor filled = Tensor.of(new float[] {0.25f, 0.25f, 0.25f}, 1, 1, IN);
    float[] y = model.predict(first).toArray();
    List<Tensor> states = model.layer("lstm").states();
    Samples.assertBits(new float[2], model.predict(filled).toArray(), "masked first step of a call");
    assertEquals(2, states.size());
    Samples.assertBits(states.get(0).toArray(), model.layer("lstm").states().get(0).toArray(), "h");
    Samples.assertBits(states.get(1).toArray(), model.layer("lstm").states().get(1).toArray(), "c");
    Network network = model.freeze();
    assertEquals(List.of("h", "c", "output"), network.planes().stream().map(State.Plane::kind).toList());
    Session session = network.session(1);
    float[] out = new float[2];
    session.step(first.toArray(), out);
    Samples.assertBits(y, out, "session");
    Session other = network.session(State.fromBytes(session.state().toBytes()));
    other.step(filled.toArray(), out);
    Samples.assertBits(y, out, "masked step of a session");
    assertEquals(List.of("h", "c"),
        masked(new LSTM(2).zeroOutputForMask(true)).freeze().planes().stream().map(State.Plane::kind).toList());
  }

  /** Keras would drop the mask without a word. */
  @Test
  void aMaskIsHeededBesideAnInitialState() {
    Symbol x = Input.shape(Shape.UNKNOWN, IN);
    Symbol h = Input.shape(4);
    Model model = Model.of(List.of(x, h), new GRU(4).returnState(true).call(new Masking().apply(x), h));
    Tensor state = Tensor.of(Samples.floats(1, 4, 1), 1, 4);
    List<Tensor> y = model.predict(List.of(Tensor.zeros(1, 3, IN), state), 1);
    Samples.assertBits(new float[4], y.get(0).toArray(), "output");
    Samples.assertBits(state.toArray(), y.get(1).toArray(), "state");
  }

  private static Sequential words(boolean stateful) {
    Sequential model = Sequential.of(Input.batchShape(stateful ? 1 : Shape.UNKNOWN, Shape.UNKNOWN),
        new Embedding(4, 3).maskZero(true).named("words"), new GRU(5).stateful(stateful).returnSequences(true));
    model.initialize(6);
    return model;
  }

  @Test
  void idsStreamOneAStep() {
    Sequential model = words(false);
    float[] ids = {3, 0, 1.75f, 2, 0, 0, 1, -0.5f};
    float[] y = model.predict(Tensor.of(ids, 1, ids.length)).toArray();
    Network network = model.freeze();
    assertEquals(1, network.inputFeatures(0));
    Session session = network.session(1);
    float[] out = new float[5];
    for (int t = 0; t < ids.length; t++) {
      session.step(new float[] {ids[t]}, out);
      Samples.assertBits(y, t * 5, out, 0, 5, "step " + t);
    }
    Tensor stretch = Tensor.zeros(1, ids.length, 5);
    network.session(1).step(new Tensor[] {Tensor.of(ids, 1, ids.length)}, new Tensor[] {stretch});
    Samples.assertBits(y, stretch.toArray(), "a stretch");
    Tensor[] deep = {Tensor.of(ids, 1, ids.length, 1)};
    assertThrows(ShapeException.class, () -> session.step(deep, new Tensor[] {stretch}));
  }

  @Test
  void anIdOutOfRangeChangesNothing() {
    Sequential model = words(true);
    Session session = model.freeze().session(2);
    float[] out = new float[20];
    session.run(2, new float[] {1, 2, 3, 1}, out);
    State before = session.state();
    for (float bad : new float[] {4, -1, Float.NaN, 1e20f}) {
      String message = assertThrows(RillException.class, () -> session.run(2, new float[] {1, 2, 3, bad}, out)).getMessage();
      assertEquals("layer Embedding words: expected ids from 0 to 3, got " + bad, message);
      Samples.assertBits(before, session.state(), "after " + bad);
    }
    model.predict(Tensor.of(new float[] {1}, 1, 1));
    float[] state = model.layer("gru").states().get(0).toArray();
    assertThrows(RillException.class, () -> model.predict(Tensor.of(new float[] {1, 2, 9}, 3, 1), 1));
    Samples.assertBits(state, model.layer("gru").states().get(0).toArray(), "the batches before the bad one have not run");
  }

  @Test
  void idsAreReadByEmbeddingsAlone() {
    Symbol ids = Input.named("ids", 6);
    Symbol embedded = new LSTM(2).apply(new Embedding(4, 3).apply(ids));
    String message = assertThrows(RillException.class,
        () -> Model.of(List.of(ids), List.of(embedded, new Dense(2).apply(ids)))).getMessage();
    assertTrue(message.contains("Dense") && message.contains("ids"), message);
    assertThrows(RillException.class, () -> Model.of(List.of(ids), List.of(embedded, ids)));
    message = assertThrows(RillException.class,
        () -> Model.of(ids, new LSTM(2).apply(new Embedding(4, 3).apply(new Dense(5).apply(ids))))).getMessage();
    assertTrue(message.contains("an embedding reads an input of the model only"), message);
    Symbol nothing = Input.named("nothing", Shape.UNKNOWN);
    assertThrows(RillException.class, () -> Model.of(List.of(ids, nothing), List.of(embedded)));
    assertThrows(ShapeException.class, () -> new Dense(2).apply(nothing));
  }

  @Test
  void whatIsRepeatedCannotStream() {
    Symbol x = Input.shape(Shape.UNKNOWN, IN);
    Symbol again = new RepeatVector(90).named("again").apply(new LSTM(2).apply(x));
    Model model = Model.of(x, new GRU(4).returnSequences(true).apply(again));
    assertEquals(Shape.of(2, 90, 4), model.predict(Tensor.zeros(2, 3, IN)).shape());
    assertFalse(model.freeze().streams());
    String message = assertThrows(StateException.class, () -> model.freeze().session(1)).getMessage();
    assertTrue(message.contains("RepeatVector again"), message);
    assertThrows(ShapeException.class, () -> new RepeatVector(0));
    assertThrows(ShapeException.class, () -> new RepeatVector(2).apply(x));
  }

  @Test
  void joinedSequencesStreamSideBySide() {
    Symbol a = Input.shape(Shape.UNKNOWN, 2);
    Symbol b = Input.shape(Shape.UNKNOWN, 1);
    Symbol c = new LSTM(3).returnSequences(true).apply(a);
    Model model = Model.of(List.of(a, b), List.of(new Concatenate().apply(List.of(b, c, b))));
    Tensor x = Tensor.of(Samples.floats(1, 2 * STEPS * 2, 1), 2, STEPS, 2);
    Tensor z = Tensor.of(Samples.floats(2, 2 * STEPS, 1), 2, STEPS, 1);
    Tensor y = model.predict(List.of(x, z), 2).get(0);
    Session session = model.freeze().session(2);
    for (int t = 0; t < STEPS; t++) {
      Tensor out = Tensor.zeros(2, 1, 5);
      session.step(new Tensor[] {x.steps(t, t + 1), z.steps(t, t + 1)}, new Tensor[] {out});
      Samples.assertBits(y.steps(t, t + 1).toArray(), out.toArray(), "step " + t);
      assertEquals(z.get(1, t, 0), out.get(1, 0, 4));
    }
    String message = assertThrows(ShapeException.class,
        () -> model.predict(List.of(x, z.steps(0, 3)), 2)).getMessage();
    assertEquals("layer Concatenate concatenate joins sequences of 3 and 70 time steps: expected equally many", message);
  }

  /** What counts behind the masked steps of one sequence are the steps of the next, masked or not. */
  @Test
  void sequencesOneBehindTheOtherKeepTheirMasks() {
    Symbol x = Input.shape(Shape.UNKNOWN, IN);
    Symbol y = Input.shape(Shape.UNKNOWN, IN);
    Symbol behind = new Concatenate(1).apply(List.of(new Masking().apply(x), y, new Masking().apply(x)));
    Model model = Model.of(List.of(x, y), List.of(new GRU(3).apply(behind)));
    Symbol plain = Input.shape(Shape.UNKNOWN, IN);
    Model without = Model.of(plain, new GRU(3).apply(plain));
    model.initialize(1);
    System.arraycopy(model.weights().values(), 0, without.weights().values(), 0, model.weights().size());
    float[] a = Samples.floats(1, 3 * IN, 1);
    float[] b = Samples.floats(1, 2 * IN, 2);
    Arrays.fill(b, 0, IN, 0);
    Arrays.fill(a, IN, 2 * IN, 0);
    float[] kept = new float[6 * IN];
    int[] from = {0, 2};
    for (int i = 0; i < 2; i++) {
      System.arraycopy(a, from[i] * IN, kept, i * IN, IN);
      System.arraycopy(b, i * IN, kept, (2 + i) * IN, IN);
      System.arraycopy(a, from[i] * IN, kept, (4 + i) * IN, IN);
    }
    Samples.assertBits(without.predict(Tensor.of(kept, 1, 6, IN)).toArray(),
        model.predict(List.of(Tensor.of(a, 1, 3, IN), Tensor.of(b, 1, 2, IN)), 1).get(0).toArray(), "last outputs");
  }

  @Test
  void inputsAreJoinedOnTheLastAxisOrInTime() {
    Symbol x = Input.shape(4, IN);
    Symbol deep = Input.shape(4, 2, IN);
    Symbol flat = Input.shape(IN);
    assertEquals(Shape.of(Shape.UNKNOWN, 2 * IN), new Concatenate(1).apply(List.of(flat, flat)).shape());
    assertEquals(Shape.of(Shape.UNKNOWN, 9, IN), new Concatenate(1).apply(List.of(x, Input.shape(5, IN))).shape());
    assertEquals(Shape.of(Shape.UNKNOWN, Shape.UNKNOWN, IN), new Concatenate(-2).apply(List.of(x, Input.shape(Shape.UNKNOWN, IN))).shape());
    String message = assertThrows(UnsupportedException.class,
        () -> new Concatenate(2).named("side").apply(List.of(deep, deep))).getMessage();
    assertTrue(message.startsWith("layer Concatenate side"), message);
    assertThrows(ShapeException.class, () -> new Concatenate(1).apply(List.of(x, Input.shape(4, IN + 1))));
    assertThrows(ShapeException.class, () -> new Concatenate().apply(List.of(x, flat)));
    assertThrows(ShapeException.class, () -> new Concatenate().apply(List.of(x, Input.shape(5, IN))));
    assertThrows(ShapeException.class, () -> new Dense(2).apply(List.of(flat, flat)));
    assertThrows(ShapeException.class, () -> new Concatenate().apply(List.of()));
  }
}
