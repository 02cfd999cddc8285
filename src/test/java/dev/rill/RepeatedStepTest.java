package dev.rill;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps like the one before them, which look up and check less: they give what a session gives that makes each for the first time. */
class RepeatedStepTest {
  private static final int IN = 3;
  private static final int UNITS = 5;

  private final Network network = network();
  private final Random random = new Random(1);

  private static Network network() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(4).returnSequences(true), new GRU(UNITS));
    model.initialize(1);
    return model.freeze();
  }

  /** Fills x, steps, and holds the outputs against those of a session that comes to the same state and has never stepped. */
  private void assertStep(Session session, float[] x, float[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    Session anew = network.session(session.state());
    float[] expected = new float[y.length];
    anew.step(x, expected);
    session.step(x, y);
    Samples.assertBits(expected, y, "outputs");
    Samples.assertBits(anew.state().values(0), session.state().values(0), "states");
  }

  @Test
  void theSameArraysAreReadAndWrittenAnewEachTime() {
    Session session = network.session(2);
    float[] x = new float[2 * IN];
    float[] y = new float[2 * UNITS];
    for (int i = 0; i < 5; i++) {
      Arrays.fill(y, Float.NaN);
      assertStep(session, x, y);
    }
  }

  @Test
  void eitherArrayMayChange() {
    Session session = network.session(1);
    float[][] x = new float[2][IN];
    float[][] y = new float[2][UNITS];
    for (int i = 0; i < 12; i++) {
      assertStep(session, x[i / 2 % 2], y[i / 3 % 2]);
    }
  }

  @Test
  void aSessionBesideItOnTheSameArraysHasItsOwnState() {
    Workspace workspace = network.workspace();
    Session one = network.session(1, workspace);
    Session other = network.session(1, workspace);
    float[] x = new float[IN];
    float[] y = new float[UNITS];
    for (int i = 0; i < 4; i++) {
      assertStep(one, x, y);
      assertStep(one, x, y);
      assertStep(other, x, y);
    }
  }

  @Test
  void otherRowsInTheSameArraysAreOtherRows() {
    Session session = network.session(1);
    float[] x = new float[2 * IN];
    float[] y = new float[2 * UNITS];
    session.step(x, y);
    session.step(x, y);
    session.resize(2);
    assertStep(session, x, y);
    session.step(new int[] {1}, 1, x, y);
    assertStep(session, x, y);
    session.resize(3);
    assertThrows(RillException.class, () -> session.step(x, y));
  }

  @Test
  void anIdThatIsOutOfRangeIsRefusedWhereverItComesUp() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(7, 2), new LSTM(UNITS));
    model.initialize(1);
    Session session = model.freeze().session(1);
    float[] x = {6};
    float[] y = new float[UNITS];
    session.step(x, y);
    session.step(x, y);
    x[0] = 7;
    assertThrows(RillException.class, () -> session.step(x, y));
    x[0] = 5;
    session.step(x, y);
  }
}
