package dev.rill;

import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** How many rows are cut into batches: in order, and for a stateful model into whole ones only. */
final class Batches {
  /** What is done with some rows. */
  interface Step {
    void run(int from, int to);
  }

  private Batches() {}

  static void each(int rows, int batchSize, boolean stateful, Step step) {
    if (batchSize < 1) {
      throw new ShapeException("expected a batch size of at least 1, got " + batchSize);
    }
    if (rows == 0) {
      throw new ShapeException("the input has no rows: expected at least one");
    }
    int batch = Math.min(batchSize, rows);
    if (stateful && rows % batch != 0) {
      throw new ShapeException("a stateful model runs whole batches only: " + rows + " rows are no multiple of the batch size "
          + batch);
    }
    for (int from = 0; from < rows; from += batch) {
      step.run(from, Math.min(rows, from + batch));
    }
  }

  static List<Tensor> rows(List<Tensor> all, int from, int to) {
    return all.stream().map(tensor -> tensor.rows(from, to)).toList();
  }
}
