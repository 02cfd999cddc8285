package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.layers.Bidirectional;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.NestedModel;
import dev.rill.layers.RNN;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recurrent layers within other layers leave their traces as well: those that they leave alone. */
class TraceInsideTest {
  private static final int ROWS = 3;
  private static final int STEPS = 5;
  private static final int INSIDE = 4;
  private static final int IN = 2;

  /** Steps of all rows one behind the other, [rows * steps][...]: what a layer at each step by itself reads. */
  private static Tensor steps(Tensor x) {
    int[] axes = x.shape().toArray();
    int[] flat = Arrays.copyOfRange(axes, 1, axes.length);
    flat[0] = axes[0] * axes[1];
    return Tensor.of(x.toArray(), flat);
  }

  /** What is within has the tracks that it has when all steps of all rows are rows of it alone. */
  private static void assertAsAlone(String within, Layer layer, int... inside) {
    int[] axes = new int[inside.length + 2];
    axes[0] = ROWS;
    axes[1] = STEPS;
    System.arraycopy(inside, 0, axes, 2, inside.length);
    Sequential model = Sequential.of(Input.shape(Arrays.copyOfRange(axes, 1, axes.length)), new TimeDistributed(layer).named("each"));
    Sequential alone = Sequential.of(Input.shape(inside), layer);
    model.initialize(4);
    float[] weights = model.weights().values();
    System.arraycopy(weights, 0, alone.weights().values(), 0, weights.length);
    Tensor x = Samples.tensor(1, axes);
    Trace expected = Trace.of(alone, List.of(steps(x)), true);
    Trace trace = Trace.of(model, List.of(x), true);
    assertEquals(expected.tracks().size(), trace.tracks().size());
    int compared = 0;
    for (Trace.Track track : expected.tracks()) {
      if (!track.port()) {
        int all = track.values().shape().axis(1) * STEPS;
        Tensor own = trace.get("each/" + track.layer(), track.kind());
        assertEquals(Shape.of(ROWS, all, track.values().shape().axis(2)), own.shape());
        Samples.assertBits(track.values().toArray(), own.toArray(), track.layer() + " " + track.kind());
        compared++;
      }
    }
    assertEquals(within, compared + " tracks");
    Samples.assertBits(model.predictOnBatch(x).toArray(), trace.tracks().get(trace.tracks().size() - 1).values().toArray(), "output");
  }

  @Test
  void atEachStep() {
    assertAsAlone("6 tracks", new LSTM(3).named("lstm"), INSIDE, IN);
    assertAsAlone("4 tracks", new GRU(3).goBackwards(true).named("gru"), INSIDE, IN);
    assertAsAlone("12 tracks", new Bidirectional(new LSTM(3)).named("both"), INSIDE, IN);
    assertAsAlone("4 tracks", new TimeDistributed(new GRU(3).named("gru")).named("inner"), 3, INSIDE, IN);
    assertAsAlone("11 tracks", new RNN(List.of(new LSTM(3), new GRU(2), new SimpleRNN(2))).named("cells"), INSIDE, IN);
    Sequential nested = Sequential.of(Input.shape(INSIDE, IN), new LSTM(3).returnSequences(true), new TimeDistributed(new Dense(2)),
        new SimpleRNN(3).named("plain"));
    assertAsAlone("7 tracks", new NestedModel(nested.graph()).named("nested"), INSIDE, IN);
  }

  /** Longer than a block of time, in which the plan within is cut. */
  @Test
  void overManyStepsAtEachStep() {
    assertAsAlone("6 tracks", new LSTM(3).named("lstm"), 70, IN);
  }

  /** A layer that makes more steps in each of the stream's, whose rows come in any order and number. */
  @Test
  void aRecorderHoldsTheLastStepsOfWhatIsWithin() {
    Sequential repeat = Sequential.of(Input.shape(6), new RepeatVector(INSIDE), new GRU(3).returnSequences(true).named("gru"),
        new LSTM(4).named("last"));
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(6).returnSequences(true).named("lstm"),
        new TimeDistributed(new NestedModel(repeat.graph()).named("repeat")).named("each"));
    model.initialize(2);
    Network network = model.freeze();
    float[] x = Samples.floats(7, 9 * IN, 1);
    float[] y = new float[3 * 9 * 4];
    Trace whole = network.session(1).trace(9, x, true);
    for (int capacity : new int[] {2, 9}) {
      Session session = network.session(3);
      Recorder recorder = session.record(capacity, true);
      float[] all = new float[3 * 3 * IN];
      System.arraycopy(x, 0, all, 3 * IN, 3 * IN);
      System.arraycopy(x, 0, all, 6 * IN, 3 * IN);
      session.run(3, all, y);
      int[] second = {1};
      for (int t = 3; t < 6; t++) {
        session.step(second, 1, Arrays.copyOfRange(x, t * IN, (t + 1) * IN), y);
      }
      int[] mixed = {2, 1};
      float[] both = new float[2 * 3 * IN];
      System.arraycopy(x, 6 * IN, both, 3 * IN, 3 * IN);
      session.run(mixed, 2, 3, both, y);
      Trace last = recorder.trace(1);
      assertEquals(Shape.of(1, 9 * INSIDE, 3), whole.get("each/repeat/gru", "h").shape());
      for (int i = 0; i < whole.tracks().size(); i++) {
        float[] expected = whole.tracks().get(i).values().toArray();
        int kept = expected.length / 9 * capacity;
        Samples.assertBits(Arrays.copyOfRange(expected, expected.length - kept, expected.length), last.tracks().get(i).values().toArray(),
            whole.tracks().get(i).layer() + " " + whole.tracks().get(i).kind());
      }
      assertEquals(Math.min(capacity, 6) * INSIDE, recorder.trace(2).get("each/repeat/gru", "h").shape().axis(1), "six steps of another");
      assertEquals(Math.min(capacity, 3), recorder.trace(0).tracks().get(0).values().shape().axis(1));
    }
  }
}
