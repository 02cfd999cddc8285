package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GlobalAveragePooling1D;
import dev.rill.layers.Graph;
import dev.rill.layers.GRU;
import dev.rill.layers.Layer;
import dev.rill.layers.LSTM;
import dev.rill.layers.NestedModel;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.ArrayData;
import dev.rill.training.Batch;
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
    model.trainOnBatch(Batch.of(List.of(x, x), List.of(Tensor.zeros(2, 3), Tensor.zeros(2, 2))));
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

  /** A model of words whose padding is masked within it, beside the same layers without the nesting. */
  private static List<Model> maskedWords(Layer... behind) {
    Symbol in = Input.shape(Shape.UNKNOWN);
    Symbol inside = Input.shape(Shape.UNKNOWN);
    Symbol words = new Embedding(9, 4).maskZero(true).apply(inside);
    Symbol nested = new NestedModel(Graph.functional("words", List.of(inside), List.of(words))).apply(in);
    Symbol flat = new Embedding(9, 4).maskZero(true).apply(in);
    for (Layer layer : behind) {
      nested = layer.apply(nested);
      flat = layer.apply(flat);
    }
    return List.of(Model.of(in, nested), Model.of(in, flat));
  }

  @Test
  void handsOnTheMaskThatALayerWithinItMakes() {
    List<List<Model>> pairs = List.of(
        maskedWords(new LSTM(3)),
        maskedWords(new Bidirectional(new LSTM(3).returnSequences(true)), new Dropout(0.25), new LSTM(2)),
        maskedWords(new Bidirectional(new LSTM(3).returnSequences(true)), new GlobalAveragePooling1D()),
        maskedWords(new Bidirectional(new GRU(3).returnSequences(true)), new TimeDistributed(new Dense(2)), new LSTM(2)));
    Tensor ids = Tensor.of(new float[] {1, 2, 0, 4, 5, 6, 0, 0}, 2, 4);
    for (List<Model> pair : pairs) {
      for (Model model : pair) {
        model.initialize(2);
        model.compile("adam", "mse");
        Shape y = model.predict(ids).shape();
        for (int i = 0; i < 2; i++) {
          model.trainOnBatch(ids, Tensor.zeros(y.toArray()));
        }
      }
      Samples.assertBits(pair.get(1).weights().values(), pair.get(0).weights().values(), "trained weights");
      Samples.assertBits(pair.get(1).predict(ids).toArray(), pair.get(0).predict(ids).toArray(), "outputs");
      float[] padded = pair.get(0).predict(Tensor.of(new float[] {4, 5, 6, 0, 0, 0}, 1, 6)).toArray();
      Samples.assertBits(pair.get(0).predict(Tensor.of(new float[] {4, 5, 6}, 1, 3)).toArray(), padded, "padding");
    }
  }

  @Test
  void normalizesByItsMovingAveragesWhereItIsFrozen() {
    Symbol in = Input.shape(IN);
    NestedModel tower = new NestedModel(Sequential.of(Input.shape(IN), new BatchNormalization()).graph()).named("tower")
        .trainable(false);
    Model model = Model.of(in, new Dense(1).apply(tower.apply(in)));
    model.initialize(1);
    model.compile("sgd", "mse");
    List<Tensor> before = model.layer("tower").weights();
    Tensor x = Tensor.of(Samples.floats(3, 4 * IN, 3), 4, IN);
    Tensor y = Tensor.zeros(4, 1);
    double untrained = model.evaluate(ArrayData.of(x, y)).get("loss");
    assertEquals(untrained, model.trainOnBatch(x, y).get("loss"), 1e-6);
    for (int i = 0; i < before.size(); i++) {
      Samples.assertBits(before.get(i).toArray(), model.layer("tower").weights().get(i).toArray(), "variable " + i);
    }
  }
}
