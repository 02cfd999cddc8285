package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The two examples this library began with. */
class SeedsTest {
  /** A stateful classifier of sequences, fed in windows of ten steps. */
  @Test
  void statefulLstmInWindowsOfTenSteps() {
    Sequential model = Sequential.of(Input.batchShape(32, Shape.UNKNOWN, 16),
        new LSTM(32).stateful(true), new Dense(16).activation("softmax"));
    Tensor data = Tensor.of(Samples.floats(1, 32 * 21 * 16, 1), 32, 21, 16);

    Tensor first = model.predict(data.steps(0, 10), 32);
    Tensor second = model.predict(data.steps(10, 20), 32);

    assertEquals(Shape.of(32, 16), second.shape());
    for (int row = 0; row < 32; row++) {
      double sum = 0;
      for (float p : second.row(row).toArray()) {
        sum += p;
      }
      assertEquals(1, sum, 1e-6);
    }
    assertFalse(Arrays.equals(first.toArray(), second.toArray()));
    // The state has carried over: the same as twenty steps at once, and as one stream alone.
    List<Tensor> states = model.layer("lstm").states();
    model.resetStates();
    Samples.assertBits(model.predict(data.steps(0, 20), 32).toArray(), second.toArray(), "twenty steps at once");
    Samples.assertBits(model.layer("lstm").states().get(1).toArray(), states.get(1).toArray(), "cell state");
    Session alone = model.freeze().session(1);
    float[] y = new float[16];
    alone.run(20, data.steps(0, 20).row(31).toArray(), y);
    Samples.assertBits(second.row(31).toArray(), y, "the last stream alone");
  }

  /** A stateful GRU on two sequences: nine steps in one call or in three. */
  @Test
  void statefulGruInOneCallOfNineStepsOrThreeOfThree() {
    Symbol input = Input.batchShape(2, Shape.UNKNOWN, 1);
    Model model = Model.of(input, new GRU(5).named("gru").stateful(true).apply(input));
    Tensor x = Tensor.of(new int[] {-4, -3, -2, -1, 0, 1, 2, 3, 4, -40, -30, -20, -10, 0, 10, 20, 30, 40}, 2, 9, 1);

    model.predict(x);
    Tensor once = model.layer("gru").states().get(0);
    model.resetStates();
    Samples.assertBits(new float[10], model.layer("gru").states().get(0).toArray(), "after resetStates()");
    for (int t = 0; t < 9; t += 3) {
      model.predict(x.steps(t, t + 3));
    }
    Samples.assertBits(once.toArray(), model.layer("gru").states().get(0).toArray(), "three calls of three steps");
    for (float h : once.toArray()) {
      assertTrue(h != 0 && Math.abs(h) <= 1);
    }

    Symbol other = Input.batchShape(2, Shape.UNKNOWN, 1);
    Model stateless = Model.of(other, new GRU(5).named("gru").apply(other));
    stateless.layer("gru").weights(model.layer("gru").weights());
    Tensor y = stateless.predict(x);
    Samples.assertBits(once.toArray(), y.toArray(), "the stateless twin's output");
    assertEquals(List.of(), stateless.layer("gru").states());
    Samples.assertBits(y.toArray(), stateless.predict(x).toArray(), "the stateless twin's second call");
  }
}
