package dev.rill.cli;

import dev.rill.Model;
import dev.rill.io.NpyArray;
import dev.rill.layers.Graph;
import dev.rill.tensor.Tensor;
import dev.rill.training.TrainingThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One prediction held against what it should be. */
final class PredictionCheck {
  private static final int ROWS = 32;

  private PredictionCheck() {}

  /** A verdict for each output. */
  static List<Verdict> of(Model model, Path in, Path expected, Tolerance tolerance, TrainingThreads threads)
      throws IOException {
    Graph graph = model.graph();
    List<Tensor> x = NamedArrays.readInputs("IN", in, graph);
    List<Tensor> wanted = NamedArrays.readOutputs("EXPECTED", expected, graph);
    List<Tensor> outputs = new Prediction(model, x, ROWS).run(threads);
    List<String> names = NamedArrays.outputs(graph);
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Comparison comparison = new Comparison();
      comparison.allow(tolerance.atol(), tolerance.rtol());
      Tensor want = wanted.get(i);
      comparison.array("", NpyArray.of(want), outputs.get(i));
      verdicts.add(Verdict.of(names.get(i), comparison.numbers(), comparison, failure(comparison)));
    }
    return verdicts;
  }

  /** Which numbers differ: how many, the first and the worst; or that the shape does. */
  private static String failure(Comparison comparison) {
    if (comparison.failure() == null || comparison.failures() == 0) {
      return comparison.failure() == null ? null : "numbers" + comparison.failure();
    }
    String first = comparison.failures() + " of " + comparison.numbers() + " numbers differ by more than is allowed, first"
        + comparison.failure();
    boolean one = comparison.failure().equals(comparison.worstPlace());
    return one ? first : first + "; worst" + comparison.worstPlace();
  }
}
