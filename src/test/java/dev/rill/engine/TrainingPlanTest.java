package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.Recurrent;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of weights and inputs against differences of the network in double precision. */
class TrainingPlanTest {
  private static final int ROWS = 3;
  /** Steps of the longest sequence in a model. */
  private static final int LONGEST = 18;
  private static final double TOLERANCE = 2e-5;

  @ParameterizedTest
  @MethodSource({"dev.rill.engine.DoubleNetworkTest#models", "dev.rill.engine.DoubleNetworkTest#windowModels"})
  void gradientsAreThoseOfDifferences(Model model) {
    check(model, null);
  }

  /** With the batch's own mean and variance, over the steps that count. */
  @ParameterizedTest
  @MethodSource("dev.rill.engine.DoubleNetworkTest#trainedModels")
  void gradientsOfBatchNormalizationInTrainingAreThoseOfDifferences(Model model) {
    check(model, null, true);
  }

  /** States are zeroed within the sequence, at its start, and at two steps in a row. */
  @ParameterizedTest
  @MethodSource({"dev.rill.engine.DoubleNetworkTest#models", "dev.rill.engine.DoubleNetworkTest#windowModels"})
  void noGradientCrossesAReset(Model model) {
    boolean[] resets = new boolean[LONGEST * ROWS];
    resets[0] = true;
    resets[2 * ROWS + 1] = true;
    resets[3 * ROWS + 1] = true;
    resets[3 * ROWS + 2] = true;
    check(model, resets);
  }

  /** A row with gaps, its first and last steps among them, and the same row without: one gradient, to the bit. */
  @Test
  void maskedStepsLeaveNoTrace() {
    int[] kept = {1, 2, 5, 6};
    float[] x = Samples.floats(5, 8 * 3, 1);
    float[] dense = new float[kept.length * 3];
    for (int t = 0, at = 0; t < 8; t++) {
      if (at < kept.length && kept[at] == t) {
        System.arraycopy(x, t * 3, dense, at++ * 3, 3);
      } else {
        Arrays.fill(x, t * 3, t * 3 + 3, (float) DoubleNetworkTest.MASKED);
      }
    }
    for (Recurrent<?> cell : List.of(new LSTM(5), new GRU(5), new GRU(5).resetAfter(false), new SimpleRNN(5),
        new LSTM(5).goBackwards(true), new GRU(5).zeroOutputForMask(false))) {
      Symbol in = Input.shape(Shape.UNKNOWN, 3);
      Model model = Model.of(in, new Dense(2).apply(cell.apply(new Masking(DoubleNetworkTest.MASKED).apply(in))));
      model.initialize(3);
      double[] w = DoubleNetworkTest.weights(Samples.withBiases(model, 4));
      Samples.assertBits(gradient(model.graph(), w, dense), gradient(model.graph(), w, x), cell.label());
    }
  }

  private static float[] gradient(Graph graph, double[] w, float[] x) {
    Weights weights = weights(graph, w);
    Plan plan = Plan.of(graph, weights);
    TrainingPlan training = new TrainingPlan(graph, weights, plan.planes());
    training.begin(List.of(Tensor.of(x, 1, x.length / 3, 3)), null);
    training.forward(plan.state(1), false, 0, 0);
    training.output(0).gradient()[0] = 1;
    training.output(0).gradient()[1] = -2;
    return training.backward();
  }

  /** A frozen base costs its forward pass: no gradient goes there. One that lies on something trained hands gradients on. */
  @Test
  void gradientsGoWhereSomethingTrainedLies() {
    for (boolean trained : new boolean[] {true, false}) {
      Graph graph = Sequential.of(Input.shape(3, 2), new Dense(3).trainable(trained).named("below"),
          new LSTM(4).returnSequences(true).trainable(false).named("frozen"), new TimeDistributed(new Dense(2).trainable(false)), new Dense(2).named("head")).graph();
      Weights weights = weights(graph, DoubleNetworkTest.doubles(Samples.floats(6, Weights.zeros(graph.variables()).size(), 1)));
      TrainingPlan plan = new TrainingPlan(graph, weights, Plan.of(graph, weights).planes());
      plan.begin(List.of(Samples.tensor(5, 2, 3, 2)), null);
      plan.forward(new StateBuffer(List.of(), 2), true, 0, 0);
      Arrays.fill(plan.output(0).gradient(), 1);
      float[] gradient = plan.backward();
      for (String layer : List.of("below", "frozen")) {
        Graph.Ref output = new Graph.Ref(layer.equals("below") ? 1 : 2, 0);
        assertEquals(trained, plan.signal(output).gradient != null, layer);
      }
      for (Weights.Slice slice : weights.slices("frozen")) {
        Samples.assertBits(new float[slice.size()], 0, gradient, slice.at(), slice.size(), slice.name());
      }
      assertEquals(trained, gradient[weights.slices("below").get(0).at()] != 0);
      assertNotEquals(0, gradient[weights.slices("head").get(0).at()]);
    }
  }

  private static void check(Model model, boolean[] resets) {
    check(model, resets, false);
  }

  private static void check(Model model, boolean[] resets, boolean training) {
    Graph graph = model.graph();
    double[] w = DoubleNetworkTest.weights(model);
    List<Tensor> x = DoubleNetworkTest.inputs(graph, ROWS, 21);
    double[][] at = DoubleNetworkTest.doubles(x);
    DoubleNetwork reference = training ? new DoubleNetwork(graph).batchMoments() : new DoubleNetwork(graph).resets(resets);
    double[][] outputs = reference.run(w, ROWS, at);
    double[][] factors = new double[outputs.length][];
    for (int o = 0; o < outputs.length; o++) {
      factors[o] = DoubleNetworkTest.doubles(Samples.floats(31 + o, outputs[o].length, 1));
    }

    Weights weights = weights(graph, w);
    Plan plan = Plan.of(graph, weights);
    TrainingPlan trained = new TrainingPlan(graph, weights, plan.planes());
    trained.wantInputGradients();
    trained.begin(x, resets);
    trained.forward(plan.state(ROWS), training, 0, 0);
    for (int o = 0; o < factors.length; o++) {
      give(trained.output(o), factors[o]);
    }
    float[] gradient = trained.backward();
    Samples.assertBits(gradient, weightGradient(graph, weights, x, resets, training, factors), "without the gradients of inputs");

    GradientCheck.check("weights", gradient, w, moved -> reference.loss(factors, trained(weights, w, moved), ROWS, at), TOLERANCE,
        reference::weightName);
    for (int i = 0; i < at.length; i++) {
      int input = i;
      if (graph.ids(graph.inputs().get(i))) {
        continue;
      }
      GradientCheck.check("input " + i, GradientCheck.ofInput(trained, graph, i, ROWS), at[i], moved -> {
        double[][] all = at.clone();
        all[input] = withoutMasked(at[input], moved);
        return reference.loss(factors, w, ROWS, all);
      }, TOLERANCE, element -> "element " + element);
    }
  }

  private static float[] weightGradient(Graph graph, Weights weights, List<Tensor> x, boolean[] resets, boolean training,
      double[][] factors) {
    Plan plan = Plan.of(graph, weights);
    TrainingPlan trained = new TrainingPlan(graph, weights, plan.planes());
    trained.begin(x, resets);
    trained.forward(plan.state(ROWS), training, 0, 0);
    for (int o = 0; o < factors.length; o++) {
      give(trained.output(o), factors[o]);
    }
    return trained.backward();
  }

  /** What is kept but not trained has no gradient. */
  private static double[] trained(Weights weights, double[] w, double[] moved) {
    double[] held = moved.clone();
    for (String layer : weights.layers()) {
      for (Weights.Slice slice : weights.slices(layer)) {
        if (!slice.variable().trained()) {
          System.arraycopy(w, slice.at(), held, slice.at(), slice.size());
        }
      }
    }
    return held;
  }

  /** What fills a masked step is not moved: a step that counts all of a sudden has no derivative, and the gradient is zero. */
  private static double[] withoutMasked(double[] x, double[] moved) {
    double[] held = moved.clone();
    for (int i = 0; i < held.length; i++) {
      held[i] = x[i] == DoubleNetworkTest.MASKED ? x[i] : moved[i];
    }
    return held;
  }

  static Weights weights(Graph graph, double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Weights.layout(graph.variables()).over(floats);
  }

  /** Leaves factors of (rows, steps, width) as the gradient of an output. */
  static void give(TrainingOutput output, double[] factors) {
    int width = output.width();
    for (int row = 0; row < ROWS; row++) {
      for (int t = 0; t < output.steps(); t++) {
        output.select(t, row);
        for (int j = 0; j < width; j++) {
          output.gradient()[output.gradientAt() + j] += (float) factors[(row * output.steps() + t) * width + j];
        }
      }
    }
  }
}
