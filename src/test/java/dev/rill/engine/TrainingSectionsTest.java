package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.engine.ops.RowSections;
import dev.rill.kernels.Kernels;
import dev.rill.layers.Activation;
import dev.rill.layers.Add;
import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.Graph;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNormalization;
import dev.rill.layers.Masking;
import dev.rill.layers.PReLU;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients are summed up by sections of rows, whichever threads have them. */
class TrainingSectionsTest {
  /** Four sections, of 8, 12, 12 and 11 rows. */
  private static final int ROWS = 43;
  private static final int STEPS = 30;
  private static final int IN = 16;
  private static final int OUT = 64;

  private final ExecutorService pool = Executors.newFixedThreadPool(4);

  @AfterEach
  void shutDown() {
    pool.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"1,1000,1", "7,1000,1", "8,32,2", "8,31,1", "31,100,2", "32,16,4", "32,15,2", "43,30,4", "127,100,4", "128,8,8",
      "128,7,4", "1000,100,8", "1000,1,4", "32,0,1"})
  void sectionsFollowFromRowsAndSteps(int rows, int steps, int count) {
    RowSections sections = new RowSections();
    sections.cut(rows, steps);
    assertEquals(count, sections.count());
    assertEquals(0, sections.first(0));
    assertEquals(rows, sections.first(count));
    int longest = 0;
    for (int section = 0; section < count; section++) {
      assertEquals(0, sections.first(section) % 4);
      longest = Math.max(longest, sections.first(section + 1) - sections.first(section));
    }
    assertEquals(longest, sections.longest());
    assertTrue(longest <= (rows + count - 1) / count + 3, "even");
  }

  /** To the bit, with loops in the order of the contract. */
  @Test
  void theGradientOfAWeightIsASumOfEachSectionsOwn() {
    int outputs = 3;
    Graph graph = Sequential.of(Input.shape(STEPS, IN), new Dense(outputs)).graph();
    Weights weights = weights(graph);
    TrainingPlan plan = new TrainingPlan(graph, weights, List.of());
    float[] x = Samples.floats(1, ROWS * STEPS * IN, 1);
    float[] g = Samples.floats(2, ROWS * STEPS * outputs, 1);
    float[] gradient = gradient(plan, graph, weights, Tensor.of(x, ROWS, STEPS, IN), g, null);
    RowSections sections = new RowSections();
    sections.cut(ROWS, STEPS);
    for (int i = 0; i <= IN; i++) {
      for (int j = 0; j < outputs; j++) {
        float sum = 0;
        for (int section = 0; section < sections.count(); section++) {
          int first = sections.first(section);
          int rows = sections.first(section + 1) - first;
          float own = 0;
          for (int block = 0; block < rows * STEPS; block += Kernels.CHAIN) {
            float chain = 0;
            for (int term = block; term < Math.min(rows * STEPS, block + Kernels.CHAIN); term++) {
              int cell = (first + term % rows) * STEPS + term / rows;
              chain = Math.fma(i < IN ? x[cell * IN + i] : 1, g[cell * outputs + j], chain);
            }
            own += chain;
          }
          sum += own;
        }
        assertEquals(sum, gradient[i * outputs + j], 0f, "weight " + i + ", " + j);
      }
    }
  }

  static Stream<Model> models() {
    Symbol in = Input.batchShape(ROWS, STEPS, IN);
    Layer twice = new LSTM(IN).returnSequences(true);
    return Stream.of(
        Model.of(in, new LSTM(OUT).stateful(true).returnSequences(true).apply(in)),
        Model.of(in, new GRU(OUT).stateful(true).returnSequences(true).apply(new LayerNormalization().apply(new PReLU().apply(in)))),
        Model.of(in, new Bidirectional(new GRU(OUT / 2).returnSequences(true)).apply(in)),
        // Adds to its weights twice a section.
        Model.of(in, new Dense(OUT).apply(new Add().apply(List.of(twice.apply(in), twice.apply(twice.apply(in)))))),
        // One thread has all rows of a layer between others, at the beginning and at the end; with a mask and without.
        Model.of(in, new Dense(OUT).apply(new BatchNormalization().apply(new LSTM(OUT).returnSequences(true).apply(in)))),
        Model.of(in, new LSTM(OUT).returnSequences(true).apply(new BatchNormalization().apply(new Masking().apply(in)))),
        Model.of(in, new TimeDistributed(new Dense(OUT)).apply(new LSTM(OUT).returnSequences(true).apply(in))),
        Model.of(in, new Dense(OUT).apply(new TimeDistributed(new BatchNormalization()).apply(new Activation("tanh")
            .activityRegularizer(Regularizer.l2(0.1)).apply(new GRU(OUT).returnSequences(true).apply(in))))));
  }

  /** States that are zeroed on the way included. */
  @ParameterizedTest
  @MethodSource("models")
  void theNumberOfThreadsChangesNoBit(Model model) {
    Graph graph = model.graph();
    Tensor x = Tensor.of(Samples.floats(1, ROWS * STEPS * IN, 1), ROWS, STEPS, IN);
    for (int cell = 0; cell < ROWS * STEPS; cell += 7) {
      Arrays.fill(x.array(), cell * IN, (cell + 1) * IN, 0);
    }
    float[] g = Samples.floats(2, ROWS * STEPS * OUT, 1);
    boolean[] resets = new boolean[STEPS * ROWS];
    for (int i = 0; i < resets.length; i += 17) {
      resets[i] = true;
    }
    for (boolean[] flags : new boolean[][] {null, resets}) {
      Weights aloneWeights = weights(graph);
      float[] alone = trained(graph, aloneWeights, null, 1, x, g, flags);
      for (int threads : new int[] {2, 3, 8}) {
        AtomicInteger asked = new AtomicInteger();
        Weights weights = weights(graph);
        Samples.assertBits(alone, trained(graph, weights, task -> {
          asked.incrementAndGet();
          pool.execute(task);
        }, threads, x, g, flags), threads + " threads");
        Samples.assertBits(aloneWeights.values(), weights.values(), "what is kept but not trained, " + threads + " threads");
        assertTrue(asked.get() > 0, "shared out");
      }
    }
  }

  /** The gradient of the second batch, after which averages move on. */
  private static float[] trained(Graph graph, Weights weights, Executor executor, int threads, Tensor x, float[] g, boolean[] resets) {
    TrainingPlan plan = new TrainingPlan(graph, weights, Plan.of(graph, weights).planes());
    plan.threads(executor, threads);
    gradient(plan, graph, weights, x, g, resets);
    plan.update();
    float[] gradient = gradient(plan, graph, weights, x, g, resets);
    plan.update();
    return gradient;
  }

  private static Weights weights(Graph graph) {
    Weights weights = Weights.layout(graph.variables());
    return weights.over(Samples.floats(6, weights.size(), 0.3f));
  }

  /** A copy, after one batch whose outputs have the gradient (rows, steps, features). */
  private static float[] gradient(TrainingPlan plan, Graph graph, Weights weights, Tensor x, float[] g, boolean[] resets) {
    plan.begin(List.of(x), resets);
    plan.forward(Plan.of(graph, weights).state(ROWS), true, 5, 0);
    TrainingOutput output = plan.output(0);
    for (int row = 0; row < ROWS; row++) {
      for (int t = 0; t < STEPS; t++) {
        output.select(t, row);
        System.arraycopy(g, (row * STEPS + t) * output.width(), output.gradient(), output.gradientAt(), output.width());
      }
    }
    return plan.backward().clone();
  }
}
