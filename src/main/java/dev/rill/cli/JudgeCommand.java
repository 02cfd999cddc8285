package dev.rill.cli;

import dev.rill.charts.ConfusionMatrix;
import dev.rill.charts.Picture;
import dev.rill.charts.PredictionCharts;
import dev.rill.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws how good predictions are. */
final class JudgeCommand implements Command {
  private static final Usage USAGE = new Usage("judge", "KIND TRUTH.npy PREDICTED.npy -o OUT.svg|.html [--resets A,B]",
      "draws how good predictions are",
      List.of(new Option("-o", "OUT", "file for the picture, .svg or .html"),
          new Option("--resets", "A,B", "forecast: steps before which the carried state was set to zero, from 0; they are marked")),
      """
      KIND is confusion, roc or pr (precision over recall) for classes: TRUTH has indices or one-hot rows, PREDICTED what rill predict
      has written. residuals compares values; forecast draws both over time, all values in a row.
      """);

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    List<Path> operands = arguments.operandPaths(3, 3);
    Path out = arguments.picture("-o");
    String kind = operands.get(0).toString();
    if (!List.of("confusion", "roc", "pr", "residuals", "forecast").contains(kind)) {
      throw new UsageException("KIND: expected confusion, roc, pr, residuals or forecast, got " + kind);
    }
    if (arguments.has("--resets") && !kind.equals("forecast")) {
      throw new UsageException("--resets goes with forecast, not with " + kind);
    }
    Tensor truth = tensor(operands.get(1));
    Tensor predicted = tensor(operands.get(2));
    int[] resets = arguments.indices("--resets", truth.size(), "steps");
    picture(kind, operands.get(2).getFileName().toString(), truth, predicted, resets == null ? new int[0] : resets).write(out);
    return SUCCESS;
  }

  private static Picture picture(String kind, String title, Tensor truth, Tensor predicted, int[] resets) {
    return switch (kind) {
      case "confusion" -> new ConfusionMatrix(title, truth, predicted);
      case "roc" -> PredictionCharts.roc(title, truth, predicted);
      case "pr" -> PredictionCharts.precisionRecall(title, truth, predicted);
      case "residuals" -> PredictionCharts.residuals(title, truth, predicted);
      default -> PredictionCharts.forecast(title, doubles(truth), doubles(predicted), resets);
    };
  }

  private static Tensor tensor(Path file) throws IOException {
    NamedArrays.checkKind("operand", file);
    return NamedArrays.read(file, List.of("values")).get(0);
  }

  private static double[] doubles(Tensor tensor) {
    float[] values = tensor.toArray();
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
