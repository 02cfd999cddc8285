package dev.rill.training;

import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.Collections;
import java.util.List;

/**
 * What a model trains on at a time. The tensors may be memory that the data set uses again for its next batch.
 *
 * @param x one tensor an input, axis 0 the rows
 * @param y targets, one tensor an output, with its axes in their order: neighbours may be one axis, and those of 1 missing
 * @param weights of samples (rows) or of their steps (rows, time), one for all outputs or one an output; null for 1 everywhere
 * @param resets whether the state of row r is set to zero before step t, at {@code t * rows + r}; null for never. No gradient
 *     crosses a reset
 * @param padded whether weight 0 marks places that hold nothing: loss, gradient and metrics are then as if they were not there.
 *     Otherwise a place of weight 0 counts among those that the loss is divided by, as in Keras
 */
public record Batch(List<Tensor> x, List<Tensor> y, List<Tensor> weights, boolean[] resets, boolean padded) {
  /**
   * Holds the parts against each other.
   *
   * @throws ShapeException if they have different numbers of rows, none, or weights do not go with the outputs
   */
  public Batch {
    if (Require.all(x, "the inputs of a batch").isEmpty() || Require.all(y, "the targets of a batch").isEmpty()) {
      throw new ShapeException("a batch needs inputs and targets, got " + x.size() + " and " + y.size());
    }
    int rows = rows(x.get(0));
    if (rows == 0) {
      throw new ShapeException("the input has no rows: expected at least one");
    }
    check(x, "input", rows);
    check(y, "target", rows);
    if (weights != null) {
      if (Require.all(weights, "the weights of a batch").size() != 1 && weights.size() != y.size()) {
        throw new ShapeException("expected sample weights for all outputs, or for each of " + y.size() + ", got "
            + weights.size());
      }
      check(weights, "sample weights", rows);
    }
    if (resets != null && (resets.length == 0 || resets.length % rows != 0)) {
      throw new ShapeException("expected a reset flag for each step of " + rows + " rows, got " + resets.length);
    }
  }

  /**
   * A batch for a model with one input and one output.
   *
   * @param x input
   * @param y targets
   * @param weights of samples (rows) or of their steps (rows, time); none for 1 everywhere
   * @return without resets and padding
   * @throws ShapeException if they have different numbers of rows
   */
  public static Batch of(Tensor x, Tensor y, Tensor... weights) {
    return of(Collections.singletonList(x), Collections.singletonList(y), weights);
  }

  /**
   * A batch.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @param weights of samples (rows) or of their steps (rows, time): one tensor for all outputs, or one an output; none for 1
   *     everywhere
   * @return without resets and padding
   * @throws ShapeException if they have different numbers of rows, or weights do not go with the outputs
   */
  public static Batch of(List<Tensor> x, List<Tensor> y, Tensor... weights) {
    return new Batch(x, y, Require.all(weights, "the weights of a batch").length == 0 ? null : List.of(weights), null, false);
  }

  /**
   * Number of samples.
   *
   * @return rows of every tensor
   */
  public int rows() {
    return rows(x.get(0));
  }

  private static int rows(Tensor tensor) {
    return tensor.shape().rank() == 0 ? 0 : tensor.shape().axis(0);
  }

  private static void check(List<Tensor> tensors, String what, int rows) {
    for (int i = 0; i < tensors.size(); i++) {
      if (rows(tensors.get(i)) != rows) {
        throw new ShapeException(what + " " + i + " has shape " + tensors.get(i).shape() + ": expected " + rows
            + " rows as in input 0");
      }
    }
  }
}
