package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.layers.NestedModel;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A model as a layer of another: the same numbers as its layers in its place. */
class NestedModelTest {
  private static final int IN = 5;

  private static Sequential inner() {
    return Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(6).returnSequences(true), new Dense(4).activation("tanh"));
  }

  private static Tensor x(int rows, int steps) {
    return Tensor.of(Samples.floats(1, rows * steps * IN, 1), rows, steps, IN);
  }

  @Test
  void givesWhatItsLayersGiveInItsPlace() {
    Symbol in = Input.shape(Shape.UNKNOWN, IN);
    Model nested = Model.of(in, new LSTM(3).apply(new NestedModel(inner().graph()).apply(in)));
    Sequential flat = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(6).returnSequences(true),
        new Dense(4).activation("tanh"), new LSTM(3));
    nested.initialize(3);
    flat.initialize(3);
    assertEquals(flat.weights().size(), nested.weights().size());
    Samples.assertBits(flat.predict(x(3, 7)).toArray(), nested.predict(x(3, 7)).toArray(), "outputs");
    assertEquals(5, nested.layer("sequential").weights().size());
    assertEquals("sequential/lstm", nested.freeze().planes().get(0).layer());
  }

  @Test
  void trainsAndStreamsAsItsLayers() {
    Symbol in = Input.shape(Shape.UNKNOWN, IN);
    Model nested = Model.of(in, new Dense(2).apply(new NestedModel(inner().graph()).apply(in)));
    Sequential flat = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(6).returnSequences(true),
        new Dense(4).activation("tanh"), new Dense(2));
    Tensor y = Tensor.of(Samples.floats(2, 3 * 7 * 2, 1), 3, 7, 2);
    for (Model model : List.of(nested, flat)) {
      model.initialize(3);
      model.compile("adam", "mse");
      for (int i = 0; i < 3; i++) {
        model.trainOnBatch(x(3, 7), y);
      }
    }
    Samples.assertBits(flat.weights().values(), nested.weights().values(), "trained weights");
    float[] expected = new float[2];
    float[] actual = new float[2];
    Session a = flat.freeze().session(1);
    Session b = nested.freeze().session(1);
    for (int step = 0; step < 4; step++) {
      a.step(x(1, 4).steps(step, step + 1).toArray(), expected);
      b.step(x(1, 4).steps(step, step + 1).toArray(), actual);
      Samples.assertBits(expected, actual, "step " + step);
    }
  }

  @Test
  void sharesItsWeightsBetweenTwoInputsAndStaysFrozenIfItIs() {
    Symbol a = Input.shape(IN);
    Symbol b = Input.shape(IN);
    NestedModel tower = new NestedModel(Sequential.of(Input.shape(IN), new Dense(3).named("d")).graph()).named("tower")
        .trainable(false);
    Model model = Model.of(List.of(a, b), List.of(tower.apply(a), new Dense(2).apply(tower.apply(b))));
    model.initialize(1);
    assertEquals(IN * 3 + 3 + 3 * 2 + 2, model.weights().size());
    float[] before = model.layer("tower").weights().get(0).toArray();
    model.compile("sgd", "mse");
    Tensor x = Tensor.of(Samples.floats(4, 2 * IN, 1), 2, IN);
    model.trainOnBatch(dev.rill.training.Batch.of(List.of(x, x), List.of(Tensor.zeros(2, 3), Tensor.zeros(2, 2))));
    Samples.assertBits(before, model.layer("tower").weights().get(0).toArray(), "frozen");
    List<Tensor> y = model.predictOnBatch(List.of(x, x));
    assertFalse(y.isEmpty());
  }

  @Test
  void mayReadIds() {
    Symbol in = Input.shape(Shape.UNKNOWN);
    Sequential words = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(9, 4).maskZero(true), new LSTM(3));
    Model model = Model.of(in, new Dense(2).apply(new NestedModel(words.graph()).apply(in)));
    model.initialize(1);
    Tensor ids = Tensor.of(new float[] {1, 2, 0, 4, 5, 6}, 2, 3);
    assertEquals(Shape.of(2, 2), model.predict(ids).shape());
  }
}
