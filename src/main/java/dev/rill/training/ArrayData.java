package dev.rill.training;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Samples in tensors, cut into batches: batch b holds samples {@code [b * size, (b + 1) * size)}, the last one what is left.
 * Batches in order are views that copy nothing; shuffled ones are gathered into memory that is used again.
 */
public final class ArrayData implements Dataset {
  /** What the random numbers of shuffling are for, among all that a seed is used for. */
  private static final long PURPOSE = 0x73687566666c65L;
  private static final int BATCH_SIZE = 32;

  /** Inputs, then targets, then weights. */
  private final List<Tensor> all;
  private final int inputs;
  private final int targets;
  private final int samples;
  private final int batchSize;
  private final boolean shuffled;
  private final long seed;
  private final OneThread use = new OneThread("shuffled data", "take forRun() for each thread");
  /** Place of each sample in {@code orderEpoch}. */
  private int[] order;
  private int orderEpoch = -1;
  private List<Tensor> gathered;

  private ArrayData(List<Tensor> all, int inputs, int targets, int batchSize, boolean shuffled, long seed) {
    this.all = all;
    this.inputs = inputs;
    this.targets = targets;
    this.batchSize = batchSize;
    this.shuffled = shuffled;
    this.seed = seed;
    // Holds the numbers of rows against each other.
    samples = batch(all).rows();
  }

  /**
   * Samples in batches of 32, in order, for a model with one input and one output.
   *
   * @param x input
   * @param y targets
   * @return the data; nothing is copied
   * @throws ShapeException if the numbers of samples differ or are 0
   */
  public static ArrayData of(Tensor x, Tensor y) {
    return of(Collections.singletonList(x), Collections.singletonList(y));
  }

  /**
   * Samples in batches of 32, in order.
   *
   * @param x one tensor an input
   * @param y targets, one tensor an output
   * @return the data; nothing is copied
   * @throws ShapeException if the numbers of samples differ or are 0
   */
  public static ArrayData of(List<Tensor> x, List<Tensor> y) {
    return new ArrayData(join(x, y), x.size(), y.size(), BATCH_SIZE, false, 0);
  }

  private static List<Tensor> join(List<Tensor> some, List<Tensor> more) {
    List<Tensor> joined = new ArrayList<>(Require.all(some, "the inputs"));
    joined.addAll(Require.all(more, "the targets"));
    return List.copyOf(joined);
  }

  /**
   * Sets the batch size.
   *
   * @param rows 32 by default
   * @return other data
   * @throws ShapeException if it is not positive
   */
  public ArrayData batchSize(int rows) {
    return new ArrayData(all, inputs, targets, Require.atLeast(rows, 1, "batch size"), shuffled, seed);
  }

  /**
   * Sets how much samples count.
   *
   * @param weights of samples (samples) or of their steps (samples, time): one tensor for all outputs, or one an output; none by
   *     default
   * @return other data
   * @throws ShapeException if they do not go with the samples
   */
  public ArrayData weights(Tensor... weights) {
    for (Tensor weight : Require.all(weights, "the sample weights")) {
      if (weight.shape().rank() != 1 && weight.shape().rank() != 2) {
        throw new ShapeException("sample weights have shape " + weight.shape() + ": expected (samples,) or (samples, time)");
      }
    }
    return new ArrayData(join(all.subList(0, inputs + targets), List.of(weights)), inputs, targets, batchSize, shuffled, seed);
  }

  /**
   * Lets every epoch have an order of its own, a function of the seed and the epoch.
   *
   * @param seed what it is a function of
   * @return other data
   */
  public ArrayData shuffle(long seed) {
    return new ArrayData(all, inputs, targets, batchSize, true, seed);
  }

  /** Samples from one to another, as they stand in the tensors. */
  ArrayData part(int from, int to) {
    return new ArrayData(all.stream().map(tensor -> tensor.rows(from, to)).toList(), inputs, targets, batchSize, shuffled, seed);
  }

  /** Number of samples. */
  int samples() {
    return samples;
  }

  /** Targets of an output. */
  Tensor y(int output) {
    return all.get(inputs + output);
  }

  /** Number of outputs. */
  int outputs() {
    return targets;
  }

  @Override
  public int batches() {
    return (samples - 1) / batchSize + 1;
  }

  @Override
  public int batchRows(int index) {
    return Math.min(batchSize, samples - index * batchSize);
  }

  @Override
  public boolean shuffled() {
    return shuffled;
  }

  @Override
  public Dataset forRun() {
    return shuffled ? shuffle(seed) : this;
  }

  @Override
  public Batch batch(int epoch, int index) {
    int from = index * batchSize;
    int rows = batchRows(index);
    if (!shuffled) {
      return batch(rows(all, from, from + rows));
    }
    use.enter();
    try {
      return gathered(epoch, from, rows);
    } finally {
      use.leave();
    }
  }

  private Batch gathered(int epoch, int from, int rows) {
    if (gathered == null) {
      order = new int[samples];
      gathered = all.stream().map(tensor -> Tensor.zeros(tensor.shape().with(0, batchRows(0)).toArray())).toList();
    }
    if (orderEpoch != epoch) {
      permute(order, CounterRandom.stream(seed, PURPOSE, epoch, 0));
      orderEpoch = epoch;
    }
    for (int i = 0; i < all.size(); i++) {
      Tensor source = all.get(i);
      Tensor target = gathered.get(i);
      int width = target.size() / batchRows(0);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(source.array(), source.offset() + order[from + r] * source.stride(), target.array(), r * width, width);
      }
    }
    return batch(rows == batchRows(0) ? gathered : rows(gathered, 0, rows));
  }

  /** Durstenfeld 1964: every order equally likely. */
  private static void permute(int[] order, long stream) {
    Arrays.setAll(order, i -> i);
    for (int i = order.length - 1; i > 0; i--) {
      // The largest of all unit numbers rounds to 1.
      int other = Math.min(i, (int) (CounterRandom.unit(stream, i) * (i + 1)));
      int swapped = order[i];
      order[i] = order[other];
      order[other] = swapped;
    }
  }

  private static List<Tensor> rows(List<Tensor> tensors, int from, int to) {
    List<Tensor> part = new ArrayList<>(tensors.size());
    for (Tensor tensor : tensors) {
      part.add(tensor.rows(from, to));
    }
    return part;
  }

  private Batch batch(List<Tensor> tensors) {
    int behind = inputs + targets;
    return new Batch(tensors.subList(0, inputs), tensors.subList(inputs, behind),
        tensors.size() == behind ? null : tensors.subList(behind, tensors.size()), null, false);
  }

  /** Returns how many samples and batches there are. */
  @Override
  public String toString() {
    return samples + " samples in batches of " + batchSize + (shuffled ? ", shuffled" : "");
  }
}
