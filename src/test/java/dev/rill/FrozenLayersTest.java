package dev.rill;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Regularizer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers that are not trained stay as they are, and what lies on them learns as it would on layers that are. */
class FrozenLayersTest {
  private static final Tensor X = Samples.tensor(1, 4, 6, 3);

  private static List<Layer> base(boolean trained) {
    return List.of(new Conv1D(5, 2).activation("tanh").named("conv").trainable(trained),
        new LSTM(4).returnSequences(true).activityRegularizer(Regularizer.l2(0.1)).named("lstm").trainable(trained),
        new TimeDistributed(new Dense(3)).named("every").trainable(trained), new Dropout(0.2).named("dropout"),
        new GRU(4).named("gru").trainable(trained));
  }

  private static Model model(boolean trained, Layer head) {
    Layer[] layers = new Layer[6];
    for (int i = 0; i < 5; i++) {
      layers[i] = base(trained).get(i);
    }
    layers[5] = head;
    Model model = Sequential.of(Input.shape(6, 3), layers);
    model.initialize(3);
    model.compile("adam", "mse");
    return model;
  }

  @Test
  void aHeadLearnsTheSameOnAFrozenBase() {
    Tensor y = Samples.tensor(2, 4, 2);
    Model free = model(true, new Dense(2).named("head"));
    Model frozen = model(false, new Dense(2).named("head"));
    List<Tensor> before = frozen.layer("lstm").weights();
    free.trainOnBatch(X, y);
    frozen.trainOnBatch(X, y);
    for (int i = 0; i < 2; i++) {
      Samples.assertBits(free.layer("head").weights().get(i).toArray(), frozen.layer("head").weights().get(i).toArray(), "head");
    }
    for (int i = 0; i < before.size(); i++) {
      Samples.assertBits(before.get(i).toArray(), frozen.layer("lstm").weights().get(i).toArray(), "base");
    }
  }

  @Test
  void aModelThatIsFrozenAltogetherHasALoss() {
    Model model = model(false, new Dense(2).trainable(false).activation("softmax"));
    float[] weights = model.weights().values().clone();
    double loss = model.trainOnBatch(X, Samples.tensor(2, 4, 2)).get("loss");
    assertTrue(loss > 0, "loss " + loss);
    Samples.assertBits(weights, model.weights().values(), "weights");
  }

  @Test
  void momentsMoveInATrainedNormalizationThatLiesOnAFrozenLayer() {
    Model model = Sequential.of(Input.shape(6, 3), new GRU(4).trainable(false), new BatchNormalization().named("norm"), new Dense(2));
    model.initialize(3);
    model.compile("sgd", "mse");
    model.trainOnBatch(X, Samples.tensor(2, 4, 2));
    assertTrue(model.layer("norm").weights().get(2).get(0) != 0);
  }
}
