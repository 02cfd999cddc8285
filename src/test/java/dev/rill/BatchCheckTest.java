package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.layers.Reshape;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Metric;
import dev.rill.training.SGD;
import dev.rill.training.SparseCategoricalCrossentropy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** BatchChecks that do not fit are refused before a state or a weight has changed. */
class BatchCheckTest {
  @Test
  void sparseTargetsAreCheckedBeforeAnythingChanges() {
    Symbol in = Input.batchShape(2, 3, 1);
    Model model = Sequential.of(in, new LSTM(2).stateful(true).named("lstm"), new Dense(3).activation("softmax"));
    model.compile(new SGD(0.1), new SparseCategoricalCrossentropy());
    model.trainOnBatch(Samples.tensor(1, 2, 3, 1), Tensor.of(new float[] {0, 2}, 2));
    float[] state = model.layer("lstm").states().get(0).toArray();
    float[] weights = model.weights().values().clone();
    for (float bad : new float[] {-1, 3, 0.5f, Float.NaN}) {
      assertThrows(RillException.class, () -> model.trainOnBatch(Samples.tensor(2, 2, 3, 1), Tensor.of(new float[] {0, bad}, 2)));
    }
    Samples.assertBits(state, model.layer("lstm").states().get(0).toArray(), "state");
    Samples.assertBits(weights, model.weights().values(), "weights");
  }

  @Test
  void resetFlagsAreCountedByTheStepsThatRecurrentLayersRead() {
    Symbol features = Input.batchShape(2, 4);
    Symbol sequence = Input.batchShape(2, 5, 1);
    Model model = Model.of(List.of(features, sequence),
        List.of(new Dense(1).apply(features), new LSTM(2).stateful(true).named("lstm").apply(sequence)));
    model.compile(new SGD(0.1), new MeanSquaredError());
    List<Tensor> x = List.of(Samples.tensor(1, 2, 4), Samples.tensor(2, 2, 5, 1));
    List<Tensor> y = List.of(Samples.tensor(3, 2, 1), Samples.tensor(4, 2, 2));
    for (int count : new int[] {2, 4, 8}) {
      RillException e = assertThrows(RillException.class,
          () -> model.trainOnBatch(new Batch(x, y, null, new boolean[count], false)));
      assertTrue(e.getMessage().contains("layer lstm reads 5 steps"), e.getMessage());
    }
    assertEquals(0, model.trainer().optimizer().iterations());
    model.trainOnBatch(new Batch(x, y, null, new boolean[10], false));
    assertEquals(1, model.trainer().optimizer().iterations());
  }

  @Test
  void aMetricIsNotShownTargetsOfAnotherWidth() {
    Model model = Sequential.of(Input.shape(3, 1), new LSTM(2), new Dense(3).activation("softmax"));
    for (String metric : new String[] {"mse", "binary_accuracy"}) {
      model.compile(new SGD(0.1), new SparseCategoricalCrossentropy(), Metric.named(metric));
      ShapeException e = assertThrows(ShapeException.class,
          () -> model.trainOnBatch(Samples.tensor(1, 2, 3, 1), Tensor.of(new float[] {0, 2}, 2)));
      assertTrue(e.getMessage().contains("metric " + metric), e.getMessage());
    }
  }

  /** They have as many numbers, but not those of each step one behind the other. */
  @Test
  void targetsWhoseAxesAreTurnedAboutAreRefused() {
    Sequential sequence = Sequential.of(Input.shape(3, 1), new LSTM(2).returnSequences(true));
    Sequential wide = Sequential.of(Input.shape(3, 1), new LSTM(10).returnSequences(true), new TimeDistributed(new Reshape(2, 5)));
    sequence.compile("sgd", "mse");
    wide.compile("sgd", "mse");
    Tensor x = Samples.tensor(1, 4, 3, 1);
    for (Tensor y : List.of(Samples.tensor(2, 4, 2, 3), Samples.tensor(2, 4, 2, 3, 1))) {
      String message = assertThrows(ShapeException.class, () -> sequence.trainOnBatch(x, y)).getMessage();
      assertTrue(message.contains("expected (4, 3, 2), got " + y.shape()), message);
    }
    for (Tensor y : List.of(Samples.tensor(2, 4, 3, 5, 2), Samples.tensor(2, 4, 10, 3), Samples.tensor(2, 4, 5, 6))) {
      String message = assertThrows(ShapeException.class, () -> wide.trainOnBatch(x, y)).getMessage();
      assertTrue(message.contains("expected (4, 3, 2, 5), got " + y.shape()), message);
    }
    for (Tensor y : List.of(Samples.tensor(2, 4, 3, 2, 5), Samples.tensor(2, 4, 3, 10), Samples.tensor(2, 4, 6, 5),
        Samples.tensor(2, 4, 1, 30))) {
      wide.trainOnBatch(x, y);
    }
  }

  @Test
  void targetsOfSequencesMayLackAnAxisOfOne() {
    Sequential model = Sequential.of(Input.shape(3, 1), new LSTM(4).returnSequences(true), new Dense(1));
    model.compile("sgd", "mse");
    model.trainOnBatch(Samples.tensor(1, 2, 3, 1), Samples.tensor(2, 2, 3));
    model.trainOnBatch(Samples.tensor(1, 2, 3, 1), Samples.tensor(2, 2, 3, 1));
    model.compile("sgd", "sparse_categorical_crossentropy");
    model.trainOnBatch(Samples.tensor(1, 2, 3, 1), Tensor.zeros(2, 3));
  }
}
