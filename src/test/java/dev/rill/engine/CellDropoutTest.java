package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.rnn.CellDropout;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Recurrent;
import dev.rill.layers.SimpleRNN;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dropout inside recurrent layers: its masks, and gradients through them against differences in double precision. */
class CellDropoutTest {
  private static final int ROWS = 3;
  private static final int STEPS = 4;
  private static final int IN = 5;
  private static final int UNITS = 6;
  private static final long SEED = 11;
  private static final long CALL = 7;

  private static TrainingBatch batch(int rows, long call) {
    TrainingBatch batch = new TrainingBatch();
    batch.rows = rows;
    batch.training = true;
    batch.seed = SEED;
    batch.call = call;
    return batch;
  }

  private static CellDropout drawn(double rate, int groups, int width, CellDropout.Place place, int rows, long call) {
    CellDropout dropout = new CellDropout(rate, groups, width, 0, place);
    dropout.ensure(batch(rows, call), rows);
    dropout.draw();
    return dropout;
  }

  private static String pattern(CellDropout dropout, int group, int row, int width) {
    StringBuilder kept = new StringBuilder();
    for (int j = 0; j < width; j++) {
      kept.append(dropout.mask(group, row, j) == 0 ? '-' : '+');
    }
    return kept.toString();
  }

  @Test
  void aMaskIsOfOneRowGateKernelAndCall() {
    int width = 64;
    CellDropout input = drawn(0.5, 4, width, CellDropout.Place.INPUT, 2, CALL);
    String first = pattern(input, 0, 0, width);
    assertEquals(first, pattern(drawn(0.5, 4, width, CellDropout.Place.INPUT, 5, CALL), 0, 0, width));
    assertNotEquals(first, pattern(input, 1, 0, width));
    assertNotEquals(first, pattern(input, 0, 1, width));
    assertNotEquals(first, pattern(drawn(0.5, 4, width, CellDropout.Place.STATE, 2, CALL), 0, 0, width));
    assertNotEquals(first, pattern(drawn(0.5, 4, width, CellDropout.Place.INPUT, 2, CALL + 1), 0, 0, width));
  }

  @Test
  void whatIsKeptMakesUpForWhatIsDropped() {
    CellDropout dropout = drawn(0.3, 1, 100, CellDropout.Place.STATE, 200, CALL);
    int dropped = 0;
    for (int i = 0; i < 20_000; i++) {
      float factor = dropout.mask(0, i / 100, i % 100);
      dropped += factor == 0 ? 1 : 0;
      assertTrue(factor == 0 || factor == (float) (1 / 0.7), "factor " + factor);
    }
    assertEquals(0.3, dropped / 20_000.0, 0.01);
  }

  static Stream<Recurrent<?>> cells() {
    List<Recurrent<?>> cells = new ArrayList<>();
    for (Recurrent<?> cell : List.of(new LSTM(UNITS), new LSTM(UNITS).recurrentActivation("hard_sigmoid").useBias(false),
        new GRU(UNITS), new GRU(UNITS).resetAfter(false), new GRU(UNITS).resetAfter(false).activation("softplus"),
        new SimpleRNN(UNITS))) {
      cells.add(cell.dropout(0.4).returnSequences(true));
      cells.add(cell.dropout(0.3).recurrentDropout(0.4));
      cells.add(cell.recurrentDropout(0.5).goBackwards(true).returnSequences(true));
    }
    return cells.stream();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void gradientsGoThroughTheMasks(Recurrent<?> cell) {
    Sequential model = Sequential.of(Input.shape(STEPS, IN), cell.named("cell"));
    model.initialize(2);
    Graph graph = model.graph();
    double[] w = DoubleNetworkTest.weights(Samples.withBiases(model, 3));
    Tensor x = Tensor.of(Samples.floats(4, ROWS * STEPS * IN, 1), ROWS, STEPS, IN);
    double[] at = DoubleNetworkTest.doubles(x.toArray());
    int gates = cell instanceof LSTM ? 4 : cell instanceof GRU ? 3 : 1;
    int groups = cell.recurrentDropout() > 0 ? gates : 1;
    CellDropout input = drawn(cell.dropout(), groups, IN, CellDropout.Place.INPUT, ROWS, CALL);
    CellDropout state = drawn(cell.recurrentDropout(), groups, UNITS, CellDropout.Place.STATE, ROWS, CALL);
    DoubleNetwork reference = new DoubleNetwork(graph).dropout("cell",
        (gate, row, j) -> input.mask(groups == 1 ? 0 : gate, row, j), (gate, row, j) -> state.mask(groups == 1 ? 0 : gate, row, j));
    double[][] factors = {DoubleNetworkTest.doubles(Samples.floats(5, reference.run(w, ROWS, at)[0].length, 1))};

    Weights weights = TrainingPlanTest.weights(graph, w);
    Plan plan = Plan.of(graph, weights);
    TrainingPlan training = new TrainingPlan(graph, weights, plan.planes());
    training.wantInputGradients();
    training.begin(List.of(x), null);
    training.forward(plan.state(ROWS), true, SEED, CALL);
    TrainingPlanTest.give(training.output(0), factors[0]);
    GradientCheck.check("weights", training.backward(), w, moved -> reference.loss(factors, moved, ROWS, at), 2e-5,
        reference::weightName);
    GradientCheck.check("inputs", GradientCheck.ofInput(training, graph, 0, ROWS), at,
        moved -> reference.loss(factors, w, ROWS, moved), 2e-5, element -> "element " + element);
  }

  /** As in Keras: its LSTM and GRU take 1 for none, its SimpleRNN for all. */
  @Test
  void aRateOfOneIsKeras() {
    Tensor x = Tensor.of(Samples.floats(4, ROWS * STEPS * IN, 1), ROWS, STEPS, IN);
    for (Recurrent<?> cell : List.of(new LSTM(UNITS), new GRU(UNITS), new SimpleRNN(UNITS))) {
      Sequential model = Sequential.of(Input.shape(STEPS, IN), cell.dropout(1).recurrentDropout(1));
      model.initialize(2);
      TrainingPlan training = new TrainingPlan(model.graph(), TrainingPlanTest.weights(model.graph(),
          DoubleNetworkTest.weights(model)), List.of());
      training.begin(List.of(x), null);
      training.forward(Plan.of(model.graph(), TrainingPlanTest.weights(model.graph(), DoubleNetworkTest.weights(model)))
          .state(ROWS), true, SEED, CALL);
      TrainingOutput y = training.output(0);
      float[] got = new float[UNITS];
      System.arraycopy(y.values(), y.at(), got, 0, UNITS);
      Samples.assertBits(cell instanceof SimpleRNN ? new float[UNITS] : model.predict(x).row(0).toArray(), got, cell.label());
    }
  }
}
