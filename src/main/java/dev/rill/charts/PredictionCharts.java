package dev.rill.charts;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How good predictions are: curves of classifiers, residuals and forecasts of regressors. */
public final class PredictionCharts {
  private PredictionCharts() {}

  /**
   * The rate of true positives over that of false ones, each threshold that makes a difference, with the exact area under it; of
   * more than two classes a curve of each against the others. Classes that no row has, or every row, have none.
   *
   * @param title above it
   * @param targets indices of classes, or 1 for the right one of each row
   * @param predictions of as many rows, one number a class, or one number that tells of class 1
   * @return the picture
   * @throws RillException if shapes do not fit or a target is no class
   */
  public static Picture roc(String title, Tensor targets, Tensor predictions) {
    return curves(title, new Scores(targets, predictions), true);
  }

  /**
   * Precision over recall, each threshold that makes a difference, with the average precision; of more than two classes a curve of
   * each against the others.
   *
   * @param title above it
   * @param targets indices of classes, or 1 for the right one of each row
   * @param predictions of as many rows, one number a class, or one number that tells of class 1
   * @return the picture
   * @throws RillException if shapes do not fit or a target is no class
   */
  public static Picture precisionRecall(String title, Tensor targets, Tensor predictions) {
    return curves(title, new Scores(targets, predictions), false);
  }

  private static Picture curves(String title, Scores scores, boolean roc) {
    Plot plot = new Plot(Require.given(title, "the title"), roc ? "false positive rate" : "recall", roc ? "true positive rate" : "precision");
    plot.include(0, 0).include(1, 1);
    int drawn = 0;
    for (int of = scores.classes == 2 ? 1 : 0; of < scores.classes; of++) {
      drawn += curve(plot, scores, of, roc, drawn) ? 1 : 0;
    }
    if (drawn == 0) {
      throw new RillException("expected rows of more than one class, got only one");
    }
    if (roc) {
      plot.series("chance", 5, Plot.Style.DASHED, new double[] {0, 1}, new double[] {0, 1});
    }
    return new PlotPicture(title, List.of(plot));
  }

  private static boolean curve(Plot plot, Scores scores, int of, boolean roc, int hue) {
    List<Integer> order = new ArrayList<>();
    int positives = 0;
    for (int row = 0; row < scores.count; row++) {
      order.add(row);
      positives += scores.target(row) == of ? 1 : 0;
    }
    int negatives = scores.count - positives;
    if (positives == 0 || negatives == 0) {
      return false;
    }
    order.sort((a, b) -> Double.compare(scores.score(b, of), scores.score(a, of)));
    double[] x = new double[scores.count + 1];
    double[] y = new double[scores.count + 1];
    int points = roc ? 1 : 0;
    int truePositives = 0;
    double area = 0;
    for (int i = 0; i < scores.count; i++) {
      truePositives += scores.target(order.get(i)) == of ? 1 : 0;
      // Rows of one score cannot be told apart by a threshold.
      if (i + 1 == scores.count || scores.score(order.get(i), of) != scores.score(order.get(i + 1), of)) {
        double recall = (double) truePositives / positives;
        x[points] = roc ? (double) (i + 1 - truePositives) / negatives : recall;
        y[points] = roc ? recall : (double) truePositives / (i + 1);
        area += roc ? (x[points] - x[points - 1]) * (y[points] + y[points - 1]) / 2
            : (recall - (points == 0 ? 0 : x[points - 1])) * y[points];
        points++;
      }
    }
    String name = scores.classes == 2 ? "" : "class " + of + ", ";
    plot.series(name + Plot.format(roc ? "area %.4f" : "average %.4f", area), hue, Plot.Style.LINE, Arrays.copyOf(x, points),
        Arrays.copyOf(y, points));
    return true;
  }

  /**
   * Residuals, truth less prediction, over predictions: a fit that leaves nothing to learn shows no shape.
   *
   * @param title above it
   * @param truth any shape
   * @param predictions of the same number of values
   * @return the picture, all values as points of one colour
   * @throws ShapeException if there are more of one than of the other
   */
  public static Picture residuals(String title, Tensor truth, Tensor predictions) {
    Require.given(title, "the title");
    double[] y = doubles(Require.given(truth, "the truth"));
    double[] p = doubles(Require.given(predictions, "the predictions"));
    check(y, p);
    for (int i = 0; i < y.length; i++) {
      y[i] -= p[i];
    }
    Plot plot = new Plot(title, "prediction", "truth − prediction").include(p.length == 0 ? 0 : p[0], 0);
    plot.series("residual", 0, Plot.Style.POINTS, p, y);
    return new PlotPicture(title, List.of(plot));
  }

  /**
   * Truth and forecast over time.
   *
   * @param title above it
   * @param truth one value a step
   * @param forecast as many
   * @param resets steps before which the carried state was set to zero: they are marked
   * @return the picture
   * @throws ShapeException if there are more of one than of the other
   */
  public static Picture forecast(String title, double[] truth, double[] forecast, int... resets) {
    Require.given(title, "the title");
    Require.given(resets, "the resets");
    check(Require.given(truth, "the truth"), Require.given(forecast, "the forecast"));
    double[] steps = new double[truth.length];
    Arrays.setAll(steps, step -> step);
    Plot plot = new Plot(title, resets.length == 0 ? "step" : "step; dotted: state reset", "");
    plot.series("truth", 0, Plot.Style.LINE, steps, truth.clone());
    plot.series("forecast", 1, Plot.Style.LINE, steps, forecast.clone());
    double[] marks = new double[resets.length];
    Arrays.setAll(marks, i -> resets[i]);
    return new PlotPicture(title, List.of(plot.marks(marks)));
  }

  private static void check(double[] truth, double[] predictions) {
    if (truth.length != predictions.length || truth.length == 0) {
      throw new ShapeException("expected as many predictions as truths, at least one, got " + predictions.length + " and "
          + truth.length);
    }
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
