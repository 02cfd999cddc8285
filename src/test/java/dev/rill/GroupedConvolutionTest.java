package dev.rill;

import dev.rill.layers.Conv1D;
import dev.rill.layers.Layer;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import dev.rill.training.Batch;
import dev.rill.training.MeanSquaredError;
import dev.rill.training.Objectives;
import dev.rill.training.SGD;
import dev.rill.training.TrainingThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Groups of a convolution know nothing of each other: however many are computed at once, each is what it is alone, to the bit. */
class GroupedConvolutionTest {
  /** Groups, and of each its features and filters. A power of two, so that a mean over all outputs changes no digit. */
  private record Groups(int count, int channels, int filters) {}

  private static final List<Groups> GROUPS = List.of(new Groups(2, 3, 5), new Groups(8, 1, 1), new Groups(32, 1, 1),
      new Groups(2, 5, 3), new Groups(2, 10, 3), new Groups(8, 3, 1), new Groups(16, 1, 3), new Groups(8, 2, 4), new Groups(8, 1, 9),
      new Groups(8, 40, 2), new Groups(256, 1, 70));
  private static final List<Function<Conv1D, Conv1D>> OPTIONS = List.of(c -> c, c -> c.padding("same").strides(2),
      c -> c.padding("causal").dilationRate(2), c -> c.padding("same").dilationRate(3).useBias(false));

  @Test
  void eachGroupPredictsAndLearnsAsAlone() {
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      for (Groups groups : GROUPS) {
        for (int i = 0; i < OPTIONS.size(); i++) {
          boolean large = groups.count * groups.filters > 1000;
          int[][] batches = large ? new int[][] {{2, 7}} : new int[][] {{3, 150}, {70, 7}};
          for (int[] batch : batches) {
            TrainingThreads threads = i == 1 ? TrainingThreads.of(two, 2) : TrainingThreads.callerOnly();
            compare(groups, OPTIONS.get(i), batch[0], batch[1], threads, groups + " options " + i + " rows " + batch[0]);
          }
        }
      }
    } finally {
      two.shutdown();
    }
  }

  /** Two layers, so that the gradient of an input is seen in the weights of the first. */
  private static void compare(Groups groups, Function<Conv1D, Conv1D> options, int rows, int steps, TrainingThreads threads,
      String what) {
    int n = groups.count;
    Sequential all = model(groups, n, options, steps);
    all.initialize(7);
    Samples.withBiases(all, 8);
    all.compile(new SGD(0.125 * n), Objectives.of(new MeanSquaredError()), threads);
    Tensor x = Tensor.of(Samples.floats(1, rows * steps * n * groups.channels, 1), rows, steps, n * groups.channels);
    List<Sequential> alone = new ArrayList<>();
    for (int g = 0; g < n; g += n > 32 ? 51 : 1) {
      Sequential one = model(groups, 1, options, steps);
      for (int i = 1; i < all.layers().size(); i++) {
        one.layers().get(i).weights(slices(all.layers().get(i).weights(), n, g));
      }
      one.compile(new SGD(0.125), Objectives.of(new MeanSquaredError()));
      alone.add(one);
    }
    Tensor y = all.predict(x);
    Tensor target = Tensor.of(Samples.floats(2, y.size(), 1), y.shape().toArray());
    for (int i = 0; i < alone.size(); i++) {
      int g = i * (n > 32 ? 51 : 1);
      Sequential one = alone.get(i);
      Tensor own = slice(x, n, g);
      Samples.assertBits(slice(y, n, g).toArray(), one.predict(own).toArray(), what + " group " + g);
      one.trainOnBatch(Batch.of(own, slice(target, n, g)));
    }
    all.trainOnBatch(Batch.of(x, target));
    for (int i = 0; i < alone.size(); i++) {
      int g = i * (n > 32 ? 51 : 1);
      for (int l = 1; l < all.layers().size(); l++) {
        List<Tensor> expected = alone.get(i).layers().get(l).weights();
        List<Tensor> weights = slices(all.layers().get(l).weights(), n, g);
        for (int w = 0; w < expected.size(); w++) {
          Samples.assertBits(expected.get(w).toArray(), weights.get(w).toArray(), what + " group " + g + " trained " + l + " " + w);
        }
      }
    }
  }

  private static Sequential model(Groups groups, int count, Function<Conv1D, Conv1D> options, int steps) {
    Layer first = options.apply(new Conv1D(count * groups.channels, 2).groups(count).activation("tanh"));
    Layer second = options.apply(new Conv1D(count * groups.filters, 2).groups(count));
    return Sequential.of(Input.shape(Shape.UNKNOWN, count * groups.channels), first, second);
  }

  private static List<Tensor> slices(List<Tensor> weights, int groups, int g) {
    List<Tensor> own = new ArrayList<>();
    weights.forEach(w -> own.add(slice(w, groups, g)));
    return own;
  }

  /** The part of a group on the last axis. */
  private static Tensor slice(Tensor all, int groups, int g) {
    int[] axes = all.shape().toArray();
    int width = axes[axes.length - 1];
    int own = width / groups;
    float[] from = all.toArray();
    float[] to = new float[from.length / groups];
    for (int i = 0; i < from.length / width; i++) {
      System.arraycopy(from, i * width + g * own, to, i * own, own);
    }
    axes[axes.length - 1] = own;
    return Tensor.of(to, axes);
  }
}
