package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.NestedModel;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Regularizer;
import org.junit.jupiter.api.Test;

/** What a layer or a model within it asks for and checks. */
class TimeDistributedTest {
  private static Sequential compiled(Layer inside) {
    Sequential model = Sequential.of(Input.shape(4, 3, 2), new TimeDistributed(inside));
    model.initialize(1);
    model.compile("sgd", "mse");
    return model;
  }

  @Test
  void anActivityRegularizerOfItsLayerHasNoEffectAsInKeras() {
    Tensor x = Tensor.of(Samples.floats(1, 24, 1), 1, 4, 3, 2);
    Tensor y = Tensor.zeros(1, 4, 2);
    Sequential with = compiled(new LSTM(2).activityRegularizer(Regularizer.l2(0.5)));
    Sequential without = compiled(new LSTM(2));
    assertEquals(without.trainOnBatch(x, y).get("loss"), with.trainOnBatch(x, y).get("loss"));
    Samples.assertBits(without.weights().values(), with.weights().values(), "trained weights");
  }

  @Test
  void oneOfALayerOfAModelWithinItIsRefusedInTrainingAlone() {
    Sequential model = Sequential.of(Input.shape(4, 3, 2), new TimeDistributed(new NestedModel(
        Sequential.of(Input.shape(3, 2), new LSTM(2).activityRegularizer(Regularizer.l2(0.5))).graph())));
    model.initialize(1);
    assertEquals(Shape.of(1, 4, 2), model.predict(Tensor.zeros(1, 4, 3, 2)).shape());
    String message = assertThrows(UnsupportedException.class, () -> model.compile("sgd", "mse")).getMessage();
    assertTrue(message.contains("activity regularizer"), message);
  }

  @Test
  void idsWithinItAreCheckedInTrainingAsTheyAreInPrediction() {
    Sequential model = Sequential.of(Input.shape(4, 3), new TimeDistributed(new Embedding(5, 2)));
    model.initialize(1);
    model.compile("sgd", "mse");
    float[] before = model.weights().values().clone();
    Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 0}, 1, 4, 3);
    assertThrows(RillException.class, () -> model.predict(x));
    assertThrows(RillException.class, () -> model.trainOnBatch(x, Tensor.zeros(1, 4, 3, 2)));
    Samples.assertBits(before, model.weights().values(), "weights");
  }
}
