package dev.rill.charts;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;

/** Targets and predictions of a classifier, row by row: samples, or their time steps. */
final class Scores {
  final int classes;
  /** Numbers in a row of predictions: 1 where the only one tells of class 1. */
  private final int width;
  final int count;
  private final float[] predictions;
  private final int[] targets;

  Scores(Tensor targets, Tensor predictions) {
    Require.given(targets, "the targets");
    width = Require.given(predictions, "the predictions").shape().axis(-1);
    if (predictions.size() == 0) {
      throw new ShapeException("expected at least one row of predictions, got none: " + predictions.shape());
    }
    classes = Math.max(2, width);
    this.predictions = predictions.toArray();
    count = this.predictions.length / width;
    float[] y = targets.toArray();
    int ownWidth = count == 0 ? 0 : y.length / count;
    if (count == 0 || y.length != (long) ownWidth * count || ownWidth != 1 && ownWidth != width) {
      throw new ShapeException("expected targets of 1 or " + width + " numbers for each of the " + count + " rows of predictions "
          + predictions.shape() + ", got " + targets.shape());
    }
    this.targets = new int[count];
    for (int row = 0; row < count; row++) {
      float index = ownWidth == 1 ? y[row] : largest(y, row * width);
      if (index != Math.rint(index) || !(index >= 0 && index < classes)) {
        throw new RillException("row " + row + ": expected the index of one of " + classes + " classes, got " + index);
      }
      this.targets[row] = (int) index;
    }
  }

  private int largest(float[] a, int at) {
    int largest = 0;
    for (int j = 1; j < width; j++) {
      largest = a[at + j] > a[at + largest] ? j : largest;
    }
    return largest;
  }

  int target(int row) {
    return targets[row];
  }

  /** The class that is predicted, of equals the first; of one number, 1 if it is above a half. */
  int predicted(int row) {
    return width == 1 ? predictions[row] > 0.5f ? 1 : 0 : largest(predictions, row * width);
  }

  /** How much speaks for a class. */
  double score(int row, int of) {
    return width > 1 ? predictions[row * width + of] : of == 1 ? predictions[row] : 1 - (double) predictions[row];
  }
}
