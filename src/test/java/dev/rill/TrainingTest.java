package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.engine.Plan;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Recurrent;
import dev.rill.layers.Reshape;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.CategoricalCrossentropy;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.SGD;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What training promises beyond Keras' numbers, which the recorded cases prove. */
class TrainingTest {
  private static final int ROWS = 3;
  private static final int STEPS = 6;

  static Stream<Layer> cells() {
    return Stream.of(new LSTM(5), new GRU(5), new GRU(5).resetAfter(false), new SimpleRNN(5));
  }

  private static Tensor inputs(int steps) {
    return Tensor.of(Samples.floats(5, ROWS * steps * 2, 1), ROWS, steps, 2);
  }

  private static Tensor targets() {
    return Tensor.of(Samples.floats(6, ROWS * 4, 1), ROWS, 4);
  }

  private static Sequential model(Layer cell) {
    Sequential model = Sequential.of(Input.shape(STEPS, 2), cell, new Dense(4));
    model.initialize(3);
    model.compile(new SGD(0.1), new MeanSquaredError());
    return model;
  }

  private static float[] gradient(Model model, Tensor x, boolean[] resets) {
    return model.trainer().gradient(new Batch(List.of(x), List.of(targets()), null, resets, false),
        Plan.of(model.graph(), model.weights())::state);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void noGradientCrossesAReset(Layer cell) {
    int at = 2;
    boolean[] resets = new boolean[STEPS * ROWS];
    Arrays.fill(resets, at * ROWS, (at + 1) * ROWS, true);
    Tensor x = inputs(STEPS);

    float[] reset = gradient(model(cell), x, resets);

    float[] alone = gradient(shorter(cell, STEPS - at), Tensor.of(x.steps(at, STEPS).toArray(), ROWS, STEPS - at, 2), null);
    assertArrayEquals(alone, reset);
  }

  private static Sequential shorter(Layer cell, int steps) {
    Sequential model = Sequential.of(Input.shape(steps, 2), cell, new Dense(4));
    model.initialize(3);
    model.compile(new SGD(0.1), new MeanSquaredError());
    return model;
  }

  @ParameterizedTest
  @MethodSource("cells")
  void aResetOfOneRowLeavesTheOthersAlone(Layer cell) {
    Sequential model = model(cell);
    boolean[] resets = new boolean[STEPS * ROWS];
    resets[3 * ROWS + 1] = true;
    boolean[] everyRow = new boolean[STEPS * ROWS];
    Arrays.fill(everyRow, 3 * ROWS, 4 * ROWS, true);
    float[] none = gradient(model, inputs(STEPS), null);
    float[] one = gradient(model, inputs(STEPS), resets);
    float[] all = gradient(model, inputs(STEPS), everyRow);

    assertFalse(Arrays.equals(none, one));
    assertFalse(Arrays.equals(all, one));
  }

  /** Within a batch the second application of a stateful layer goes on from what the first has left, as in a prediction. */
  @ParameterizedTest
  @MethodSource("cells")
  void aStatefulLayerThatIsAppliedTwiceHasOneState(Layer cell) {
    Recurrent<?> shared = ((Recurrent<?>) cell).stateful(true).returnSequences(true);
    Symbol in = Input.batchShape(ROWS, STEPS, 5);
    Model model = Model.of(in, new Dense(1).apply(shared.apply(shared.apply(in))));
    model.initialize(3);
    model.compile(new SGD(0.1), new MeanSquaredError());
    Tensor x = Tensor.of(Samples.floats(5, ROWS * STEPS * 5, 1), ROWS, STEPS, 5);
    String name = model.layers().get(1).name();
    for (int i = 0; i < 2; i++) {
      model.predictOnBatch(x);
    }
    List<Tensor> predicted = model.layer(name).states();
    model.resetStates();
    for (int i = 0; i < 2; i++) {
      model.testOnBatch(Batch.of(List.of(x), List.of(Tensor.zeros(ROWS, STEPS, 1))));
    }
    for (int i = 0; i < predicted.size(); i++) {
      assertArrayEquals(predicted.get(i).toArray(), model.layer(name).states().get(i).toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("cells")
  void gradientsAreThoseOfDifferences(Layer cell) {
    Sequential model = model(cell);
    float[] gradient = gradient(model, inputs(STEPS), null);
    float[] weights = model.weights().values();
    for (int i = 0; i < weights.length; i += 7) {
      float before = weights[i];
      double h = 1e-2;
      double difference = (8 * (loss(model, i, before, h / 2) - loss(model, i, before, -h / 2))
          - (loss(model, i, before, h) - loss(model, i, before, -h))) / (6 * h);
      weights[i] = before;
      assertEquals(difference, gradient[i], 2e-4 + 1e-3 * Math.abs(difference), "weight " + i);
    }
  }

  private static double loss(Model model, int weight, float before, double change) {
    model.weights().values()[weight] = (float) (before + change);
    return model.testOnBatch(Batch.of(List.of(inputs(STEPS)), List.of(targets()))).get("loss");
  }

  @Test
  void wrongTargetsAreRefusedBeforeAnythingChanges() {
    Sequential model = model(new LSTM(5));
    float[] before = model.weights().values().clone();
    Tensor wrong = Tensor.zeros(ROWS, 3);

    ShapeException e = assertThrows(ShapeException.class, () -> model.trainOnBatch(inputs(STEPS), wrong));

    assertTrue(e.getMessage().contains("expected (3, 4), got (3, 3)"), e.getMessage());
    assertArrayEquals(before, model.weights().values());
  }

  @Test
  void trainingNeedsACompiledModel() {
    Sequential model = Sequential.of(Input.shape(STEPS, 2), new LSTM(5));
    RillException e = assertThrows(RillException.class, () -> model.trainOnBatch(inputs(STEPS), Tensor.zeros(ROWS, 5)));
    assertTrue(e.getMessage().contains("call compile"), e.getMessage());
  }

  @Test
  void aFrozenNetworkDoesNotSeeLaterTraining() {
    Sequential model = model(new GRU(5));
    Network network = model.freeze();
    float[] x = inputs(STEPS).row(0).toArray();
    float[] before = new float[4];
    float[] after = new float[4];
    network.session(1).run(STEPS, x, before);
    model.trainOnBatch(inputs(STEPS), targets());
    network.session(1).run(STEPS, x, after);
    assertArrayEquals(before, after);
  }

  /** Parts of logits have exponentials, of which kernels compute a vector at a time. */
  @Test
  void paddingHasNoGradientBesideAStepOfSeveralParts() {
    for (int[] parts : new int[][] {{2, 3}, {3, 5}}) {
      int width = parts[0] * parts[1];
      Sequential model = Sequential.of(Input.shape(STEPS, 2), new LSTM(width).returnSequences(true),
          new TimeDistributed(new Reshape(parts)));
      model.initialize(3);
      model.compile(new SGD(0.1), new CategoricalCrossentropy(true, 0));
      Tensor x = inputs(STEPS);
      Tensor y = Tensor.of(Samples.floats(6, ROWS * STEPS * width, 1), ROWS, STEPS, parts[0], parts[1]);
      Tensor weights = Tensor.zeros(ROWS, STEPS);
      Arrays.fill(weights.array(), 0, STEPS, 1);
      float[] padded = model.trainer().gradient(new Batch(List.of(x), List.of(y), List.of(weights), null, true), model::enter);
      Tensor first = Tensor.of(Arrays.copyOf(x.array(), STEPS * 2), 1, STEPS, 2);
      Tensor target = Tensor.of(Arrays.copyOf(y.array(), STEPS * width), 1, STEPS, parts[0], parts[1]);
      assertArrayEquals(model.trainer().gradient(Batch.of(first, target), model::enter), padded, 1e-6f);
    }
  }
}
