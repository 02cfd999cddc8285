package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Bidirectional;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.NestedModel;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a model did over time, to the bit what stepping tells. */
class TraceTest {
  private static final int IN = 3;
  private static final int OUT = 2;

  /** Every kind of cell, fused and not. */
  private static Sequential stack() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(13).returnSequences(true).named("lstm"),
        new GRU(9).returnSequences(true).named("gru"), new GRU(11).resetAfter(false).returnSequences(true).named("before"),
        new LSTM(5).recurrentActivation("hard_sigmoid").activation("softsign").returnSequences(true).named("odd"),
        new GRU(6).recurrentActivation("hard_sigmoid").returnSequences(true).named("odd_gru"),
        new SimpleRNN(7).returnSequences(true).named("plain"), new Dense(OUT));
    model.initialize(3);
    return model;
  }

  private static float[] step(float[] x, int rows, int steps, int width, int t) {
    float[] one = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, (row * steps + t) * width, one, row * width, width);
    }
    return one;
  }

  private static float[] at(Tensor track, int t) {
    return step(track.toArray(), track.shape().axis(0), track.shape().axis(1), track.shape().axis(2), t);
  }

  private static void assertSteps(Network network, Session stepped, Trace trace, float[] x, int rows, int steps) {
    float[] y = new float[rows * OUT];
    for (int t = 0; t < steps; t++) {
      stepped.step(step(x, rows, steps, IN, t), y);
      State state = stepped.state();
      for (State.Plane plane : network.planes()) {
        if (!plane.kind().equals(State.Plane.LAST_OUTPUT)) {
          Samples.assertBits(state.get(plane.layer(), plane.kind()).toArray(), at(trace.get(plane.layer(), plane.kind()), t),
              plane + " after step " + t);
        }
      }
      Samples.assertBits(y, at(trace.tracks().get(trace.tracks().size() - 1).values(), t), "output of step " + t);
    }
  }

  @Test
  void statesAreThoseOfSteppingAndTheSessionGoesOn() {
    Network network = stack().freeze();
    for (int[] size : new int[][] {{1, 9}, {3, 70}, {6, 40}}) {
      int rows = size[0];
      Session session = network.session(rows);
      Session stepped = network.session(rows);
      for (int call = 0; call < 2; call++) {
        float[] x = Samples.floats(call, rows * size[1] * IN, 2);
        Trace trace = session.trace(size[1], x, false);
        Samples.assertBits(x, trace.tracks().get(0).values().toArray(), "inputs");
        assertSteps(network, stepped, trace, x, rows, size[1]);
        assertEquals(rows, trace.rows());
      }
      Samples.assertBits(stepped.state().values(0), session.state().values(0), "the state goes on");
    }
  }

  @Test
  void maskedStepsLeaveStatesAsTheyWere() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new Masking(9), new LSTM(4).returnSequences(true),
        new GRU(5).resetAfter(false).returnSequences(true), new Dense(OUT));
    Network network = model.freeze();
    float[] x = Samples.floats(1, 2 * 8 * IN, 1);
    Arrays.fill(x, 2 * IN, 4 * IN, 9);
    Arrays.fill(x, 9 * IN, 10 * IN, 9);
    assertSteps(network, network.session(2), network.session(2).trace(8, x, true), x, 2, 8);
  }

  @Test
  void gatesMakeTheStatesThatFollow() {
    int rows = 2;
    int steps = 6;
    Trace trace = stack().freeze().session(rows).trace(steps, Samples.floats(5, rows * steps * IN, 2), true);
    for (String lstm : List.of("lstm", "odd")) {
      float[] old = new float[at(trace.get(lstm, "c"), 0).length];
      for (int t = 0; t < steps; t++) {
        float[] i = at(trace.get(lstm, "input"), t);
        float[] f = at(trace.get(lstm, "forget"), t);
        float[] g = at(trace.get(lstm, "candidate"), t);
        for (int j = 0; j < old.length; j++) {
          old[j] = Math.fma(f[j], old[j], i[j] * g[j]);
        }
        Samples.assertBits(at(trace.get(lstm, "c"), t), old, lstm);
        float[] o = at(trace.get(lstm, "output"), t);
        float[] h = at(trace.get(lstm, "h"), t);
        for (int j = 0; j < o.length; j++) {
          double squashed = lstm.equals("lstm") ? StrictMath.tanh(old[j]) : old[j] / (1 + Math.abs(old[j]));
          assertEquals(o[j] * squashed, h[j], 1e-6);
        }
      }
    }
    for (String gru : List.of("gru", "before", "odd_gru")) {
      float[] h = new float[at(trace.get(gru, "h"), 0).length];
      for (int t = 0; t < steps; t++) {
        float[] z = at(trace.get(gru, "update"), t);
        float[] n = at(trace.get(gru, "candidate"), t);
        for (int j = 0; j < h.length; j++) {
          h[j] = Math.fma(z[j], h[j], (1 - z[j]) * n[j]);
          float reset = at(trace.get(gru, "reset"), t)[j];
          assertTrue(reset >= 0 && reset <= 1, gru + " reset " + reset);
        }
        Samples.assertBits(at(trace.get(gru, "h"), t), h, gru);
      }
    }
  }

  /** The candidate of a cell that resets before the product needs the reset gate: computed here in double. */
  @Test
  void theResetGateThatIsMultipliedAwayIsTheRightOne() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 1), new GRU(1).resetAfter(false).returnSequences(true).named("gru"));
    model.initialize(2);
    List<Tensor> weights = model.layer("gru").weights();
    Trace trace = model.freeze().session(1).trace(4, new float[] {1, -2, 0.5f, 3}, true);
    double h = 0;
    for (int t = 0; t < 4; t++) {
      double x = at(trace.tracks().get(0).values(), t)[0];
      double r = 1 / (1 + StrictMath.exp(-(x * weights.get(0).get(0, 1) + h * weights.get(1).get(0, 1) + weights.get(2).get(1))));
      assertEquals(r, at(trace.get("gru", "reset"), t)[0], 1e-6);
      h = at(trace.get("gru", "h"), t)[0];
    }
  }

  @Test
  void partsOfLayersHaveTheirOwnTracksWithTimeAsItIs() {
    Symbol x = Input.shape(Shape.UNKNOWN, IN);
    Sequential inner = Sequential.of(Input.shape(Shape.UNKNOWN, 8), new GRU(5).returnSequences(true).named("gru"));
    Symbol both = new Bidirectional(new LSTM(4).returnSequences(true)).named("both").apply(x);
    Model model = Model.of(x, new NestedModel(inner.graph()).named("inner").apply(both));
    model.initialize(1);
    Tensor in = Tensor.of(Samples.floats(1, 2 * 7 * IN, 1), 2, 7, IN);
    Trace trace = Trace.of(model, List.of(in), false);
    Samples.assertBits(model.predictOnBatch(in).toArray(), trace.get("inner/gru", "h").toArray(), "nested");
    Model forward = Model.of(x, both);
    forward.copyWeights(model, "both");
    Tensor y = forward.predictOnBatch(in);
    for (int t = 0; t < 7; t++) {
      for (int row = 0; row < 2; row++) {
        for (int j = 0; j < 4; j++) {
          assertEquals(y.get(row, t, j), trace.get("both/forward_lstm", "h").get(row, t, j));
          assertEquals(y.get(row, t, 4 + j), trace.get("both/backward_lstm", "h").get(row, t, j));
        }
      }
    }
  }

  @Test
  void aLayerHasTheStepsThatItHas() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new Conv1D(4, 3).strides(2), new LSTM(5).named("lstm"),
        new Dense(OUT));
    Trace trace = Trace.of(model, List.of(Tensor.of(Samples.floats(1, 2 * 9 * IN, 1), 2, 9, IN)), false);
    assertEquals(Shape.of(2, 4, 5), trace.get("lstm", "h").shape());
    assertEquals(Shape.of(2, 1, OUT), trace.tracks().get(trace.tracks().size() - 1).values().shape());
  }

  @Test
  void aRecorderHoldsTheLastStepsOfEachStream() {
    Network network = stack().freeze();
    Session session = network.session(3);
    float[] y = new float[3 * 20 * OUT];
    session.step(Samples.floats(9, 3 * IN, 1), y);
    State before = session.state();
    Recorder recorder = session.record(8, true);
    float[] first = Samples.floats(1, 3 * 5 * IN, 1);
    float[] second = Samples.floats(2, 2 * IN, 1);
    float[] third = Samples.floats(3, 2 * 6 * IN, 1);
    session.run(5, first, y);
    session.step(new int[] {0, 2}, 2, second, y);
    session.run(new int[] {2, 0}, 2, 6, third, y);
    session.step(new float[3 * IN], y);
    session.stopRecording();
    session.step(new float[3 * IN], y);

    float[] all = new float[13 * IN];
    System.arraycopy(first, 2 * 5 * IN, all, 0, 5 * IN);
    System.arraycopy(second, IN, all, 5 * IN, IN);
    System.arraycopy(third, 0, all, 6 * IN, 6 * IN);
    Session alone = network.session(3);
    alone.state(before);
    alone.copy(2, 0);
    alone.resize(1);
    Trace whole = alone.trace(13, all, true);
    Trace last = recorder.trace(2);
    assertEquals(whole.tracks().size(), last.tracks().size());
    for (int i = 0; i < whole.tracks().size(); i++) {
      float[] expected = whole.tracks().get(i).values().toArray();
      float[] held = last.tracks().get(i).values().toArray();
      int width = expected.length / 13;
      assertEquals(8 * width, held.length);
      Samples.assertBits(Arrays.copyOfRange(expected, 5 * width, 13 * width), held, whole.tracks().get(i).layer());
    }
    assertEquals(6, recorder.trace(1).tracks().get(0).values().shape().axis(1));
    assertThrows(ShapeException.class, () -> recorder.trace(3));
    assertThrows(ShapeException.class, recorder::trace, "rows of different lengths");
  }

  @Test
  void streamsThatComeLaterAreNotRecorded() {
    Session session = stack().freeze().session(1);
    Recorder recorder = session.record(4, false);
    session.resize(2);
    session.step(new float[2 * IN], new float[2 * OUT]);
    assertEquals(1, recorder.rows());
    assertEquals(1, recorder.trace(0).tracks().get(0).values().shape().axis(1));
  }

  @Test
  void whatIsNotThereIsNamed() {
    Trace trace = stack().freeze().session(1).trace(1, new float[IN], false);
    RillException e = assertThrows(RillException.class, () -> trace.get("lstm", "forget"));
    assertTrue(e.getMessage().contains("lstm c"), e.getMessage());
    assertThrows(ShapeException.class, () -> stack().freeze().session(1).trace(0, new float[IN], false));
    assertThrows(ShapeException.class, () -> stack().freeze().session(1).record(0, false));
  }
}
