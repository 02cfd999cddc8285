package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** State as a value: rows are reset, copied, added, dropped, taken out, put in and continued elsewhere. */
class SessionStateTest {
  private static final int IN = 3;
  private static final int OUT = 4;

  private static Sequential model() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(5).returnSequences(true),
        new GRU(7).returnSequences(true), new SimpleRNN(6), new Dense(OUT));
    model.initialize(9);
    return Samples.withBiases(model, 9);
  }

  private static final Network NETWORK = model().freeze();

  /** Advances all rows by some steps; returns the last outputs. */
  private static float[] advance(Session session, long seed, int steps) {
    float[] y = new float[session.rows() * OUT];
    for (int t = 0; t < steps; t++) {
      session.step(Samples.floats(seed + t, session.rows() * IN, 1), y);
    }
    return y;
  }

  private static State warm(int rows) {
    Session session = NETWORK.session(rows);
    advance(session, 1, 4);
    return session.state();
  }

  @Test
  void streamsStartAtZero() {
    Session session = NETWORK.session(3);
    for (int p = 0; p < session.state().planes().size(); p++) {
      Samples.assertBits(new float[3 * session.state().planes().get(p).units()], session.state().values(p), "plane "
          + p);
    }
  }

  @Test
  void resetOfARowEqualsAFreshRowAndLeavesTheOthers() {
    Session session = NETWORK.session(warm(5));
    session.reset(2);
    State state = session.state();
    Samples.assertBits(NETWORK.session(1).state(), state.gather(2), "the row that was reset");
    Samples.assertBits(warm(5).gather(0, 1, 3, 4), state.gather(0, 1, 3, 4), "the others");
    // And it goes on like a fresh one.
    float[] x = Samples.floats(5, IN, 1);
    float[] y = new float[OUT];
    float[] fresh = new float[OUT];
    session.step(new int[] {2}, 1, x, y);
    NETWORK.session(1).step(x, fresh);
    Samples.assertBits(fresh, y, "output of the row that was reset");
  }

  @Test
  void resetOfAllRowsEqualsAFreshSession() {
    Session session = NETWORK.session(warm(5));
    session.reset();
    Samples.assertBits(NETWORK.session(5).state(), session.state(), "reset");
  }

  @Test
  void aCopiedRowGoesOnAsItsOriginal() {
    Session session = NETWORK.session(warm(4));
    session.copy(3, 1);
    Samples.assertBits(warm(4).gather(0, 3, 2, 3), session.state(), "copy");
    session.copy(2, 2);
    Samples.assertBits(warm(4).gather(0, 3, 2, 3), session.state(), "copy onto itself");
  }

  /** Batch sizes 32, 1, 7 and 32 on one network: the rows that survive keep their state. */
  @Test
  void anyNumberOfRowsAtAnyTime() {
    Session session = NETWORK.session(32);
    advance(session, 1, 3);
    State before = session.state();
    session.resize(1);
    Samples.assertBits(before.gather(0), session.state(), "1 row");
    session.resize(7);
    Samples.assertBits(before.gather(0), session.state().gather(0), "7 rows");
    Samples.assertBits(NETWORK.session(6).state(), session.state().gather(1, 2, 3, 4, 5, 6), "new rows");
    advance(session, 2, 1);
    State seven = session.state();
    session.resize(32);
    Samples.assertBits(seven, session.state().gather(0, 1, 2, 3, 4, 5, 6), "32 rows");
    session.resize(0);
    assertEquals(0, session.rows());
    session.step(new float[0], new float[0]);
    session.resize(2);
    Samples.assertBits(NETWORK.session(2).state(), session.state(), "from 0 to 2 rows");
    assertThrows(ShapeException.class, () -> session.resize(-1));
  }

  /** A step remembers where everything lay in the last one; whatever happens in between must not mislead it. */
  @Test
  void aStepDoesNotDependOnWhatCameBeforeIt() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(5).returnSequences(true),
        new GRU(7).returnSequences(true), new Dense(OUT));
    model.initialize(9);
    Network network = Samples.withBiases(model, 9).freeze();
    Workspace shared = network.workspace();
    Session[] sessions = {network.session(2, shared), network.session(2, shared)};
    Random random = new Random(3);
    for (int call = 0; call < 400; call++) {
      Session session = sessions[random.nextInt(4) / 3];
      Session fresh = network.session(session.state());
      int rows = session.rows();
      int first = random.nextInt(rows);
      int n = 1 + random.nextInt(rows - first);
      float[] x = Samples.floats(call, rows * 2 * IN, 1);
      switch (random.nextInt(12)) {
        case 0 -> session.resize(1 + rows % 3);
        case 1 -> session.reset();
        case 2 -> session.state(session.state().gather(0, rows - 1));
        case 3 -> session.run(2, x, new float[rows * 2 * OUT]);
        case 4 -> session.step(new int[] {rows - 1, 0}, Math.min(2, rows), x, new float[2 * OUT]);
        case 5 -> session.step(new Tensor[] {Tensor.of(x, 2 * rows, IN).rows(0, rows)}, new Tensor[] {Tensor.zeros(rows, OUT)});
        default -> {
          int[] some = IntStream.range(first, first + n).toArray();
          float[] y = new float[n * OUT];
          float[] expected = new float[n * OUT];
          session.step(some, n, x, y);
          fresh.step(some, n, x, expected);
          Samples.assertBits(expected, y, "call " + call);
          Samples.assertBits(fresh.state(), session.state(), "state after call " + call);
        }
      }
    }
  }

  @Test
  void aStateIsAValue() {
    Session session = NETWORK.session(2);
    State zero = session.state();
    advance(session, 1, 2);
    Samples.assertBits(NETWORK.session(2).state(), zero, "a state taken earlier");
    zero.values(0)[0] = 7;
    zero.get("lstm", "h").set(0, 0, 7);
    Samples.assertBits(NETWORK.session(2).state(), zero, "a state whose copies were written to");
  }

  @Test
  void aStatePutBackContinuesToTheSameBits() {
    Session session = NETWORK.session(3);
    advance(session, 1, 3);
    State middle = session.state();
    float[] expected = advance(session, 50, 4);
    State end = session.state();
    session.state(middle);
    Samples.assertBits(expected, advance(session, 50, 4), "outputs");
    Samples.assertBits(end, session.state(), "states");
    Session other = NETWORK.session(1);
    other.state(middle);
    assertEquals(3, other.rows());
    Samples.assertBits(expected, advance(other, 50, 4), "outputs of another session");
  }

  @Test
  void bytesContinueToTheSameBits() {
    Session session = NETWORK.session(3);
    advance(session, 1, 3);
    State restored = State.fromBytes(session.state().toBytes());
    Samples.assertBits(session.state(), restored, "restored");
    // Another network of the same model stands for another process.
    Session elsewhere = model().freeze().session(restored);
    Samples.assertBits(advance(session, 50, 4), advance(elsewhere, 50, 4), "outputs");
    Samples.assertBits(session.state(), elsewhere.state(), "states");
  }

  @Test
  void rowsAreGatheredScatteredAndAppended() {
    State a = warm(4);
    Session other = NETWORK.session(2);
    advance(other, 77, 2);
    State b = other.state();
    State joined = a.append(b);
    assertEquals(6, joined.rows());
    Samples.assertBits(a, joined.gather(0, 1, 2, 3), "first part");
    Samples.assertBits(b, joined.gather(4, 5), "second part");
    State scattered = a.scatter(b, 3, 0);
    Samples.assertBits(b, scattered.gather(3, 0), "scattered");
    Samples.assertBits(a.gather(1, 2), scattered.gather(1, 2), "the others");
    Samples.assertBits(warm(4), a, "the original");
    // A stream that moved goes on as it would have.
    Session moved = NETWORK.session(joined.gather(5, 0));
    Session stayed = NETWORK.session(joined);
    float[] x = Samples.floats(3, 2 * IN, 1);
    float[] y = new float[2 * OUT];
    float[] z = new float[2 * OUT];
    moved.step(x, y);
    stayed.step(new int[] {5, 0}, 2, x, z);
    Samples.assertBits(z, y, "streams that moved");
    assertThrows(ShapeException.class, () -> a.gather(4));
    assertThrows(ShapeException.class, () -> a.scatter(b, 0));
    assertThrows(ShapeException.class, () -> a.scatter(b, 0, 4));
  }

  @Test
  void aPlaneIsReadAndReplacedByName() {
    State a = warm(2);
    Tensor h = Tensor.of(Samples.floats(8, 2 * 7, 1), 2, 7);
    State changed = a.with("gru", "h", h);
    Samples.assertBits(h.toArray(), changed.get("gru", "h").toArray(), "gru");
    Samples.assertBits(a.get("lstm", "c").toArray(), changed.get("lstm", "c").toArray(), "lstm");
    assertThrows(StateException.class, () -> a.get("gru", "c"));
    assertThrows(StateException.class, () -> a.get("nobody", "h"));
    assertThrows(ShapeException.class, () -> a.with("gru", "h", Tensor.zeros(3, 7)));
  }

  @Test
  void aStateOfAnotherStructureIsRefused() {
    Network other = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(6)).freeze();
    Session session = NETWORK.session(2);
    advance(session, 1, 1);
    State before = session.state();
    assertThrows(StateException.class, () -> session.state(other.session(2).state()));
    StateException refusal =
        assertThrows(StateException.class, () -> session.stateOfOtherWeights(other.session(3).state()));
    assertTrue(refusal.getMessage().contains("lstm") && refusal.getMessage().contains("gru"), refusal.getMessage());
    assertEquals(2, session.rows());
    Samples.assertBits(before, session.state(), "after the refusal");
    assertThrows(StateException.class, () -> before.append(other.session(1).state()));
    assertThrows(StateException.class, () -> before.scatter(other.session(1).state(), 0));
  }

  /** Layers may be renamed, in Keras or here, between writing a state and reading it. */
  @Test
  void aStateFitsWhateverItsLayersAreCalled() {
    Sequential renamed = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(5).named("first").returnSequences(true),
        new GRU(7).named("second").returnSequences(true), new SimpleRNN(6).named("third"), new Dense(OUT));
    renamed.initialize(9);
    Network other = Samples.withBiases(renamed, 9).freeze();
    Session session = other.session(State.fromBytes(warm(3).toBytes()));
    assertEquals("first", session.state().planes().get(0).layer());
    Samples.assertBits(advance(NETWORK.session(warm(3)), 50, 4), advance(session, 50, 4), "outputs");
    State both = warm(2).append(other.session(1).state());
    assertEquals(3, both.rows());
    assertEquals("lstm", both.planes().get(0).layer());
  }

  @Test
  void theStructureIsComparedBeforeTheWeights() {
    State another = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(5), new Dense(OUT)).freeze().session(2).state();
    Session session = NETWORK.session(1);
    for (String message : List.of(assertThrows(StateException.class, () -> session.state(another)).getMessage(),
        assertThrows(StateException.class, () -> NETWORK.session(another)).getMessage())) {
      assertTrue(message.contains("plane 2 is missing, expected gru h 7"), message);
    }
    State same = State.of(NETWORK.planes(), 0, 1, new float[0], new float[0], new float[0], new float[0]);
    String advice = assertThrows(StateException.class, () -> NETWORK.session(same)).getMessage();
    assertTrue(advice.contains("stateOfOtherWeights"), advice);
    NETWORK.session(same.rows()).stateOfOtherWeights(same);
  }

  /** A few bytes that claim many rows: they are held against the network before memory is taken for them. */
  @Test
  void rowsWithoutPlanesOpenNoSession() {
    State empty = State.of(List.of(), Integer.MAX_VALUE, NETWORK.weightsFingerprint());
    Session session = NETWORK.session(1);
    assertThrows(StateException.class, () -> NETWORK.session(empty));
    assertThrows(StateException.class, () -> session.state(State.fromBytes(empty.toBytes())));
    assertThrows(StateException.class, () -> session.stateOfOtherWeights(empty));
    assertEquals(1, session.rows());
    // A network that keeps nothing has such states, and they cost nothing.
    Network flat = Sequential.of(Input.shape(IN), new Dense(OUT)).freeze();
    assertEquals(7, flat.session(State.fromBytes(flat.session(7).state().toBytes())).rows());
  }

  @Test
  void aStateOfOtherWeightsIsRefusedUnlessTheCallerSaysSo() {
    Sequential trained = model();
    trained.initialize(10);
    Session session = trained.freeze().session(2);
    assertThrows(StateException.class, () -> session.state(warm(2)));
    Samples.assertBits(NETWORK.session(2).state(), session.state(), "after the refusal");
    session.stateOfOtherWeights(warm(2));
    Samples.assertBits(warm(2), session.state(), "taken in");
    assertEquals(trained.freeze().weightsFingerprint(), session.state().weightsFingerprint());
  }

  @Test
  void nanInGivesNanOutAndNextRowsStayClean() {
    Session session = NETWORK.session(2);
    float[] x = Samples.floats(1, 2 * IN, 1);
    x[1] = Float.NaN;
    float[] y = new float[2 * OUT];
    session.step(x, y);
    for (int j = 0; j < OUT; j++) {
      assertTrue(Float.isNaN(y[j]));
      assertTrue(Float.isFinite(y[OUT + j]));
    }
    session.reset(0);
    session.step(Samples.floats(1, 2 * IN, 1), y);
    for (float v : y) {
      assertTrue(Float.isFinite(v));
    }
  }

  @Test
  void sizesAreKnownBeforeAnythingIsAllocated() {
    // 5 + 5 + 7 + 6 units, each row padded to 16 floats.
    assertEquals(4L * 4 * 16 * 1000, NETWORK.stateBytes(1000));
    assertTrue(NETWORK.weightBytes() > 4 * (IN * 20 + 5 * 20 + 20));
    assertTrue(NETWORK.workspaceBytes(1) > 0);
    assertTrue(NETWORK.workspaceBytes(1) < 2_000, "what one stream takes for single steps: " + NETWORK.workspaceBytes(1));
    assertTrue(NETWORK.workspaceBytes(1, 100) > NETWORK.workspaceBytes(1));
    assertEquals(NETWORK.workspaceBytes(1, 100), NETWORK.workspaceBytes(1, 10_000));
    for (int rows : new int[] {-1, Integer.MIN_VALUE}) {
      assertThrows(ShapeException.class, () -> NETWORK.workspaceBytes(rows));
      assertThrows(ShapeException.class, () -> NETWORK.workspaceBytes(1, rows));
      assertThrows(ShapeException.class, () -> NETWORK.stateBytes(rows));
    }
    assertTrue(NETWORK.stateBytes(Integer.MAX_VALUE) > 1L << 38 && NETWORK.workspaceBytes(1 << 30) > 1L << 38);
    assertEquals(List.of("lstm/h/5", "lstm/c/5", "gru/h/7", "simple_rnn/h/6"),
        NETWORK.planes().stream().map(p -> p.layer() + "/" + p.kind() + "/" + p.units()).toList());
  }

  /** The same model stateless, carried by a session, and with state in and state out: the same bits. */
  @Test
  void statelessSessionAndStateInStateOutAgree() {
    Symbol x = Input.shape(Shape.UNKNOWN, IN);
    Symbol h = Input.shape(5);
    Symbol c = Input.shape(5);
    LSTM lstm = new LSTM(5).named("lstm").returnState(true);
    Model explicit = Model.of(List.of(x, h, c), lstm.call(x, h, c));
    Model plain = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(5).named("lstm"));
    plain.initialize(4);
    explicit.layer("lstm").weights(plain.layer("lstm").weights());
    Tensor input = Tensor.of(Samples.floats(6, 2 * 9 * IN, 1), 2, 9, IN);
    float[] stateless = plain.predict(input).toArray();
    Session session = plain.freeze().session(2);
    List<Tensor> out = List.of(Tensor.zeros(2, 5), Tensor.zeros(2, 5), Tensor.zeros(2, 5));
    for (int t = 0; t < 9; t += 3) {
      Tensor part = input.steps(t, t + 3);
      session.step(new Tensor[] {part}, new Tensor[] {Tensor.zeros(2, 5)});
      out = explicit.predict(List.of(part, out.get(1), out.get(2)), 2);
    }
    Samples.assertBits(stateless, out.get(0).toArray(), "state in, state out");
    Samples.assertBits(stateless, session.state().get("lstm", "h").toArray(), "session");
    Samples.assertBits(session.state().get("lstm", "c").toArray(), out.get(2).toArray(), "cell state");
    assertEquals(0, Arrays.compare(stateless, out.get(1).toArray()));
  }
}
