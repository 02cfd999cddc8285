package dev.rill.engine;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.StepMask;
import dev.rill.kernels.Kernels;
import java.util.List;

/**
 * The layers that take all rows of a batch at once, where threads have parts of them: before such a layer rows come together, and
 * behind it they go apart again.
 */
final class WholeBatch {
  /** Has all layers, of which only these are carried out. */
  final TrainingReplica all;

  WholeBatch(TrainingReplica all) {
    this.all = all;
  }

  /**
   * Runs a layer forward.
   *
   * @param op which one
   * @param parts of the threads, the first {@code count} of them
   */
  void forward(Kernels k, int op, List<TrainingReplica> parts, int count) {
    List<GradientView> reads = all.reads(op);
    for (int i = 0; i < reads.size(); i++) {
      GradientView to = reads.get(i);
      GradientView like = parts.get(0).reads(op).get(i);
      to.set(Buffers.grown(to.value, all.batch.rows * like.steps, like.stride), 0, like.stride, like.steps);
      for (int part = 0; part < count; part++) {
        GradientView from = parts.get(part).reads(op).get(i);
        copy(from.value, from.at, from.stride, to.value, to.at, to.stride, to, parts.get(part), true);
      }
    }
    joinMasks(op, reads.get(0).steps, parts, count);
    all.ensure(op);
    all.forward(k, op, op + 1);
    for (int i = 0; i < all.writes(op).size(); i++) {
      GradientView from = all.writes(op).get(i);
      for (int part = 0; part < count; part++) {
        GradientView to = parts.get(part).writes(op).get(i);
        copy(to.value, to.at, to.stride, from.value, from.at, from.stride, from, parts.get(part), false);
      }
    }
  }

  private void joinMasks(int op, int steps, List<TrainingReplica> parts, int count) {
    StepMask mask = all.mask(op);
    if (mask == null) {
      return;
    }
    mask.ensure(all.batch.rows * steps);
    for (int part = 0; part < count; part++) {
      TrainingReplica from = parts.get(part);
      for (int t = 0; t < steps; t++) {
        for (int row = 0; row < from.batch.rows; row++) {
          mask.set(t * all.batch.rows + from.batch.first + row, from.mask(op).counts(t * from.batch.rows + row));
        }
      }
    }
  }

  /** Takes the gradient back through a layer. */
  void backward(Kernels k, int op, List<TrainingReplica> parts, int count) {
    for (int i = 0; i < all.writes(op).size(); i++) {
      GradientView to = all.writes(op).get(i);
      all.clearGradient(to);
      for (int part = 0; part < count; part++) {
        GradientView from = parts.get(part).writes(op).get(i);
        copy(from.gradient, 0, from.gradientStride, to.gradient, 0, to.gradientStride, to, parts.get(part), true);
      }
    }
    for (int i = 0; i < all.reads(op).size(); i++) {
      all.clearGradient(all.reads(op).get(i));
    }
    all.backward(k, op, op + 1);
    for (int i = 0; i < all.reads(op).size(); i++) {
      GradientView from = all.reads(op).get(i);
      for (int part = 0; from.wanted && part < count; part++) {
        add(from, parts.get(part).reads(op).get(i), parts.get(part));
      }
    }
  }

  /** Copies rows of a part to their place among all, or back. */
  private void copy(float[] part, int partAt, int partStride, float[] whole, int wholeAt, int wholeStride, GradientView shape,
      TrainingReplica rows, boolean together) {
    for (int t = 0; t < shape.steps; t++) {
      for (int row = 0; row < rows.batch.rows; row++) {
        int own = partAt + (t * rows.batch.rows + row) * partStride;
        int place = wholeAt + (t * all.batch.rows + rows.batch.first + row) * wholeStride;
        System.arraycopy(together ? part : whole, together ? own : place, together ? whole : part, together ? place : own, shape.width);
      }
    }
  }

  private void add(GradientView from, GradientView to, TrainingReplica rows) {
    for (int t = 0; t < from.steps; t++) {
      for (int row = 0; row < rows.batch.rows; row++) {
        to.add(t * rows.batch.rows + row, from, t * all.batch.rows + rows.batch.first + row, 0);
      }
    }
  }
}
