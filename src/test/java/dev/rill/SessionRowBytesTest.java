package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** One row of a state as bytes. */
class SessionRowBytesTest {
  private static final int IN = 3;

  private static Network network(long seed, int units, String name) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(units).returnSequences(true).named(name), new GRU(5));
    model.initialize(seed);
    return model.freeze();
  }

  private static Session stepped(Network network, int rows) {
    Session session = network.session(rows);
    float[] y = new float[rows * 5];
    for (int step = 0; step < 3; step++) {
      session.step(Samples.floats(step, rows * IN, 1), y);
    }
    return session;
  }

  @Test
  void aRowGoesThroughBytesToTheBitAndLeavesTheOthers() {
    for (long seed = 0; seed < 20; seed++) {
      Network network = Samples.streaming(seed).freeze();
      int in = network.inputFeatures(0);
      Session session = network.session(4);
      session.step(Samples.withSpecials(seed, 4 * in, 9), new float[4 * network.outputFeatures(0)]);
      State before = session.state();
      byte[] bytes = new byte[network.rowBytes() + 3];
      assertEquals(bytes.length, session.save(2, bytes, 3));
      Session other = network.session(3);
      other.step(Samples.floats(seed, 3 * in, 1), new float[3 * network.outputFeatures(0)]);
      State rest = other.state();
      assertEquals(bytes.length, other.load(1, bytes, 3));
      Samples.assertBits(before.gather(2), other.state(1), "the row");
      Samples.assertBits(rest.gather(0, 2), other.state().gather(0, 2), "the others");
      Samples.assertBits(before, session.state(), "what was saved");
    }
  }

  @Test
  void otherWeightsAndStructuresAreRefused() {
    Session session = stepped(network(1, 6, "lstm"), 2);
    byte[] bytes = new byte[network(1, 6, "lstm").rowBytes()];
    session.save(0, bytes, 0);
    Session trained = network(2, 6, "lstm").session(2);
    assertFalse(trained.fits(bytes, 0));
    StateException refused = assertThrows(StateException.class, () -> trained.load(1, bytes, 0));
    assertTrue(refused.getMessage().contains("loadOfOtherWeights"), refused.getMessage());
    Samples.assertBits(trained.state(0), trained.state(1), "untouched");
    trained.loadOfOtherWeights(1, bytes, 0);
    Samples.assertBits(session.state(0), trained.state(1), "taken over");

    Session wider = network(1, 7, "lstm").session(2);
    assertThrows(StateException.class, () -> wider.loadOfOtherWeights(0, bytes, 0));
    assertThrows(StateException.class, () -> wider.fits(new byte[wider.rows() * 200], 0));
  }

  @Test
  void whatIsTooShortOrOutOfRangeIsRefused() {
    Network network = network(1, 6, "lstm");
    Session session = stepped(network, 2);
    byte[] bytes = new byte[network.rowBytes()];
    assertThrows(ShapeException.class, () -> session.save(0, bytes, 1));
    assertThrows(ShapeException.class, () -> session.save(0, bytes, -1));
    assertThrows(ShapeException.class, () -> session.save(2, bytes, 0));
    session.save(0, bytes, 0);
    assertThrows(ShapeException.class, () -> session.load(0, Arrays.copyOf(bytes, bytes.length - 1), 0));
    assertThrows(ShapeException.class, () -> session.load(0, bytes, -1));
    assertThrows(ShapeException.class, () -> session.load(2, bytes, 0));
    assertThrows(ShapeException.class, () -> session.state(-1));
  }

  @Test
  void theFingerprintOfAStructureKnowsNoNames() {
    int fingerprint = network(1, 6, "lstm").structureFingerprint();
    assertEquals(fingerprint, network(2, 6, "lstm_1").structureFingerprint());
    assertNotEquals(fingerprint, network(1, 7, "lstm").structureFingerprint());
  }

  @Test
  void streamsMoveToOtherWeightsWithoutACopy() {
    Network next = network(2, 6, "lstm");
    Session session = stepped(network(1, 6, "lstm"), 3);
    State state = session.state();
    Session moved = session.moveTo(next);
    assertEquals(0, session.rows());
    Samples.assertBits(state, moved.state(), "moved");
    assertEquals(next.weightsFingerprint(), moved.state().weightsFingerprint());
    Session expected = next.session(3);
    expected.stateOfOtherWeights(state);
    float[] x = Samples.floats(9, 3 * IN, 1);
    float[] y = new float[15];
    float[] wanted = new float[15];
    moved.step(x, y);
    expected.step(x, wanted);
    Samples.assertBits(wanted, y, "goes on");
    assertThrows(StateException.class, () -> moved.moveTo(network(1, 7, "lstm")));
    assertEquals(3, moved.rows());
  }
}
