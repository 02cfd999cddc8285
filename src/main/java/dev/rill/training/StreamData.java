package dev.rill.training;

import dev.rill.tensor.OneThread;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Long streams, of equal lengths or not, as batches for a stateful model: row i of each batch goes on where row i of the batch
 * before ended. Two streams A B C D and E F G H in two rows become the batches [A B; E F] and [C D; G H].
 *
 * <p>Each row takes a stream and, when it ends, the next one that no row has, wherever in a batch that is; the row's state is set
 * to zero there, and no gradient crosses. What is left when there are no more streams is padding: zeros that count nothing
 * (weight 0). Gradients reach back to the beginning of the batch: truncated back-propagation through time of {@link #steps}
 * steps. Unless these are set, they are those of the model, if its input has a fixed number of them; otherwise no stream is cut: a
 * batch is as long as the longest, which is too long to train on where streams go on for thousands of steps.
 *
 * <p>With a {@link #stride} other than the steps, and so with windows that overlap or leave gaps, no window can go on from
 * another: each begins with a state of zero. A window that its stream does not fill is padded at its beginning, before the reset.
 *
 * <p>Every epoch is the same and begins with reset states. The arrays of a batch are used again by the next.
 *
 * <pre>{@code
 * Model model = Sequential.of(Input.batchShape(8, 10, 16),              // eight streams, windows of ten steps
 *     new LSTM(32).stateful(true).returnSequences(true), new Dense(4)); // an output for every step
 * model.fit(StreamData.of(inputs, targets).rows(8).steps(10), new Fit().callbacks(ResetStates.everyEpoch()));
 * }</pre>
 *
 * <p>A model without {@code returnSequences(true)} gives its last step only and takes {@link #targetsAtEnd()}.
 */
public final class StreamData implements Dataset {
  /** A stretch of a stream and where its row has it; there the state is reset. */
  private record Piece(int stream, int from, int length, long at) {
    long end() {
      return at + length;
    }
  }

  /** What a row holds, one piece behind the other. */
  private static final class Row {
    final int index;
    final List<Piece> pieces = new ArrayList<>();

    Row(int index) {
      this.index = index;
    }

    long end() {
      return pieces.isEmpty() ? 0 : pieces.get(pieces.size() - 1).end();
    }
  }

  /** Where everything is; nothing of it changes. */
  private record Layout(List<Row> rows, int batches) {}

  private final List<Tensor> x;
  private final List<Tensor> y;
  private final int rows;
  /** Steps of a batch; 0 for the model's, or the longest stream's. */
  private final int wantedSteps;
  /** 0 for as many as there are steps. */
  private final int wantedStride;
  private final int steps;
  private final int stride;
  private final boolean atEnd;
  private final int inWidth;
  private final int outWidth;
  private final OneThread use = new OneThread("stream data", "take forRun() for each thread");
  private Layout layout;
  /** The piece under way in each row. */
  private int[] next;
  private Tensor batchX;
  private Tensor batchY;
  private Tensor weights;
  private boolean[] resets;
  private int last = -1;

  private StreamData(List<Tensor> x, List<Tensor> y, int rows, int steps, int stride, boolean atEnd) {
    this.x = x;
    this.y = y;
    this.rows = rows;
    wantedSteps = steps;
    wantedStride = stride;
    this.steps = steps > 0 ? steps : longest(x);
    this.stride = stride > 0 ? stride : this.steps;
    this.atEnd = atEnd;
    inWidth = width(x.get(0));
    outWidth = width(y.get(0));
  }

  private static int longest(List<Tensor> streams) {
    int longest = 0;
    for (Tensor stream : streams) {
      longest = Math.max(longest, stream.shape().axis(0));
    }
    return longest;
  }

  /**
   * One stream with targets at every step.
   *
   * @param x input (time, features)
   * @param y targets (time, outputs), or (time) for one number each
   * @return the data; nothing is copied
   * @throws ShapeException if there is no step, or sizes differ
   */
  public static StreamData of(Tensor x, Tensor y) {
    return of(Collections.singletonList(x), Collections.singletonList(y));
  }

  /**
   * Streams, as many at a time as there are, with targets at every step.
   *
   * @param x for each stream its input (time, features)
   * @param y for each stream its targets (time, outputs), or (time) for one number each
   * @return the data; nothing is copied
   * @throws ShapeException if there is no stream or step, or sizes differ
   */
  public static StreamData of(List<Tensor> x, List<Tensor> y) {
    if (Require.all(x, "the inputs").isEmpty() || x.size() != Require.all(y, "the targets").size()) {
      throw new ShapeException("expected as many targets as streams and at least one, got " + x.size() + " streams and "
          + y.size() + " targets");
    }
    for (int i = 0; i < x.size(); i++) {
      int[] input = x.get(i).shape().toArray();
      int[] target = y.get(i).shape().toArray();
      if (input.length != 2 || input[0] == 0 || input[1] != width(x.get(0))) {
        throw new ShapeException("stream " + i + " has shape " + x.get(i).shape() + ": expected (time, " + width(x.get(0))
            + ") with at least one step");
      }
      if (target.length < 1 || target.length > 2 || target[0] != input[0] || width(y.get(i)) != width(y.get(0))) {
        throw new ShapeException("the targets of stream " + i + " have shape " + y.get(i).shape() + ": expected (" + input[0]
            + ", " + width(y.get(0)) + "), one for each step");
      }
    }
    return new StreamData(List.copyOf(x), List.copyOf(y), x.size(), 0, 0, false);
  }

  private static int width(Tensor tensor) {
    return tensor.shape().rank() < 2 ? 1 : tensor.shape().axis(1);
  }

  /**
   * Sets how many streams a batch holds.
   *
   * @param count all by default; rows beyond the streams are padding
   * @return other data
   * @throws ShapeException if it is not positive
   */
  public StreamData rows(int count) {
    return new StreamData(x, y, Require.atLeast(count, 1, "rows of a batch"), wantedSteps, wantedStride, atEnd);
  }

  /**
   * Sets how many steps a batch holds.
   *
   * @param count by default those of the model, or as many as the longest stream has; the stride becomes the same
   * @return other data
   * @throws ShapeException if it is not positive
   */
  public StreamData steps(int count) {
    return new StreamData(x, y, rows, Require.atLeast(count, 1, "steps of a batch"), 0, atEnd);
  }

  /**
   * Sets how far windows of a stream lie apart.
   *
   * @param count as many as a batch holds by default, so that states go on; with another number each window begins at zero
   * @return other data
   * @throws ShapeException if it is not positive
   */
  public StreamData stride(int count) {
    return new StreamData(x, y, rows, wantedSteps, Require.atLeast(count, 1, "steps from window to window"), atEnd);
  }

  /**
   * Takes the target at the end of each window alone, for a model that gives no sequence. Streams then begin such that their last
   * step ends a window: the first window is padded at its beginning, and no target at the end of a stream is lost.
   *
   * @return other data
   */
  public StreamData targetsAtEnd() {
    return new StreamData(x, y, rows, wantedSteps, wantedStride, true);
  }

  @Override
  public Dataset ofSteps(int count) {
    return wantedSteps > 0 ? this : new StreamData(x, y, rows, count, wantedStride, atEnd);
  }

  @Override
  public int batches() {
    return layout().batches();
  }

  @Override
  public int batchRows(int index) {
    return rows;
  }

  @Override
  public boolean shuffled() {
    return false;
  }

  @Override
  public Dataset forRun() {
    StreamData own = new StreamData(x, y, rows, steps, stride, atEnd);
    own.layout = layout();
    return own;
  }

  private Layout layout() {
    Layout known = layout;
    return known == null ? layout = layOut() : known;
  }

  private Layout layOut() {
    List<Row> all = new ArrayList<>(rows);
    PriorityQueue<Row> free = new PriorityQueue<>(Comparator.<Row>comparingLong(Row::end).thenComparingInt(row -> row.index));
    for (int r = 0; r < rows; r++) {
      all.add(new Row(r));
    }
    free.addAll(all);
    for (int stream = 0; stream < x.size(); stream++) {
      int length = x.get(stream).shape().axis(0);
      if (stride == steps) {
        place(free, stream, 0, length, atEnd);
      } else {
        int end = 0;
        for (long from = 0; end < length && from < length; from += stride) {
          end = (int) Math.min(length, from + steps);
          place(free, stream, (int) from, end - (int) from, true);
        }
      }
    }
    long most = 0;
    for (Row row : all) {
      most = Math.max(most, row.end());
    }
    long count = (most - 1) / steps + 1;
    if (count > Integer.MAX_VALUE) {
      throw new ShapeException("the streams make " + count + " batches, more than an int holds: take more rows or steps");
    }
    return new Layout(all, (int) count);
  }

  /** Gives a piece to the row that is free first, to end where a window ends if it has to. */
  private void place(PriorityQueue<Row> free, int stream, int from, int length, boolean aligned) {
    Row row = free.remove();
    long at = row.end() + (aligned ? (steps - length % steps) % steps : 0);
    row.pieces.add(new Piece(stream, from, length, at));
    free.add(row);
  }

  @Override
  public Batch batch(int epoch, int index) {
    if (index < 0 || index >= batches()) {
      throw new RillException("there is no batch " + index + "; there are " + batches());
    }
    use.enter();
    try {
      return batch(index);
    } finally {
      use.leave();
    }
  }

  private Batch batch(int index) {
    if (resets == null) {
      next = new int[rows];
      batchX = Tensor.zeros(rows, steps, inWidth);
      batchY = atEnd ? Tensor.zeros(rows, outWidth) : Tensor.zeros(rows, steps, outWidth);
      weights = atEnd ? Tensor.zeros(rows) : Tensor.zeros(rows, steps);
      resets = new boolean[rows * steps];
    }
    if (index < last) {
      Arrays.fill(next, 0);
    }
    last = index;
    Arrays.fill(batchX.array(), 0);
    Arrays.fill(batchY.array(), 0);
    Arrays.fill(weights.array(), 0);
    Arrays.fill(resets, false);
    int held = 0;
    boolean any = false;
    for (Row row : layout().rows()) {
      long begin = (long) index * steps;
      int first = next[row.index];
      while (first < row.pieces.size() && row.pieces.get(first).end() <= begin) {
        first++;
      }
      next[row.index] = first;
      for (int p = first; p < row.pieces.size() && row.pieces.get(p).at() < begin + steps; p++) {
        Piece piece = row.pieces.get(p);
        held += copy(row.index, piece, begin);
        any |= piece.at() >= begin;
      }
    }
    boolean padded = held < weights.size();
    return new Batch(List.of(batchX), List.of(batchY), padded ? List.of(weights) : null, any ? resets : null, padded);
  }

  /** Copies what a window has of a piece; returns how many targets that is. */
  private int copy(int row, Piece piece, long begin) {
    int to = (int) Math.max(0, piece.at() - begin);
    int from = piece.from() + (int) Math.max(0, begin - piece.at());
    int count = (int) Math.min(steps, piece.end() - begin) - to;
    if (piece.at() >= begin) {
      resets[to * rows + row] = true;
    }
    copy(x.get(piece.stream()), from, batchX.array(), (row * steps + to) * inWidth, count, inWidth);
    if (!atEnd) {
      copy(y.get(piece.stream()), from, batchY.array(), (row * steps + to) * outWidth, count, outWidth);
      Arrays.fill(weights.array(), row * steps + to, row * steps + to + count, 1);
      return count;
    }
    if (to + count < steps) {
      return 0;
    }
    copy(y.get(piece.stream()), from + count - 1, batchY.array(), row * outWidth, 1, outWidth);
    weights.array()[row] = 1;
    return 1;
  }

  private static void copy(Tensor source, int from, float[] target, int at, int count, int width) {
    for (int t = 0; t < count; t++) {
      System.arraycopy(source.array(), source.offset() + (from + t) * source.stride(), target, at + t * width, width);
    }
  }

  /** Returns how the streams are cut. */
  @Override
  public String toString() {
    return rows + " streams in windows of " + steps + " steps, " + stride + " apart";
  }
}
