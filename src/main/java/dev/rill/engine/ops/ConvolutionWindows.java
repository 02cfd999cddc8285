package dev.rill.engine.ops;

import dev.rill.kernels.Rows;
import dev.rill.layers.Window;
import java.util.Arrays;

/**
 * Where the windows of a convolution lie: each one stretch of floats, a row of a product, with the features of its steps one
 * behind the other. Windows that overlap share their floats, so a sequence is laid out once, its padding before and behind it, and
 * no window is copied.
 *
 * <p>A row is [groups][dilation][steps][features of a group]: with a dilation of d the steps t, t + d, t + 2d are neighbours. Where
 * the input already looks like that it is read where it lies. For {@link GroupLanes} a row is [steps][features of a group][groups]
 * whatever the dilation. One thread at a time moves it from call to call.
 */
final class ConvolutionWindows {
  private final Window window;
  private final int groups;
  /** Features of a group. */
  private final int channels;
  /** Filters of a group. */
  private final int filters;
  /** Whether groups come last. */
  private final boolean lanes;
  /** Pieces of a step that lie apart: its groups, or all of it where they come last. */
  private final int pieces;
  /** Floats of a piece. */
  private final int pieceFloats;
  /** Whether the features of a step are laid out in the order in which they come. */
  private final boolean inOrder;
  // Of the call under way.
  private int windows;
  private int before;
  private int after;
  private int strides;
  private int dilation;
  // Where everything lies: how many phases, and distances of rows, groups, phases and steps.
  private int phases;
  private float[] data = {};
  private int at;
  private int rowFloats;
  private int groupFloats;
  private int phaseFloats;
  private int stepFloats;

  ConvolutionWindows(Window window, int groups, int features, int filters, boolean lanes) {
    this.window = window;
    this.lanes = lanes;
    this.groups = groups;
    channels = features / groups;
    this.filters = filters / groups;
    pieces = lanes ? 1 : groups;
    pieceFloats = features / pieces;
    inOrder = lanes ? channels == 1 : groups == 1;
  }

  /** Steps that lie apart; a window of one step has no dilation. */
  private static int dilation(Window window) {
    return window.size() == 1 ? 1 : window.dilation();
  }

  /** Floats that sequences take when they are laid out. */
  static long floats(Window window, int features, Capacity capacity) {
    long around = window.span() - 1 + dilation(window) - 1;
    return (capacity.rows() * around + capacity.cells()) * features;
  }

  /**
   * Begins a call.
   *
   * @param steps of each sequence
   */
  void begin(int steps) {
    windows = window.steps(steps);
    strides = window.strides();
    dilation = dilation(window);
    before = window.before(steps);
    after = Math.max(0, (windows - 1) * strides + window.span() - before - steps);
    strides(before + steps + after);
  }

  /** Begins a call whose windows share nothing, so that some may read zeros where others read steps. */
  void beginApart(int steps) {
    begin(steps);
    strides = window.size();
    dilation = 1;
    strides(windows * strides);
  }

  private void strides(int positions) {
    phases = lanes ? 1 : dilation;
    stepFloats = pieceFloats;
    phaseFloats = (positions + phases - 1) / phases * stepFloats;
    groupFloats = phases * phaseFloats;
    rowFloats = pieces * groupFloats;
  }

  /** Floats between the steps that a window reads. */
  int readsApart() {
    return phases < dilation ? dilation * stepFloats : stepFloats;
  }

  /** Floats of one row. */
  int rowFloats() {
    return rowFloats;
  }

  /** Steps of padding in front of a sequence. */
  int before() {
    return before;
  }

  /** Steps of padding behind a sequence. */
  int after() {
    return after;
  }

  /** Whether a sequence needs no layout. */
  boolean lies(TensorView in) {
    return before == 0 && after == 0
        && (lanes ? inOrder : window.size() == 1 || inOrder && phases == 1 && in.stepStride == pieceFloats);
  }

  /** Reads sequences where they lie. */
  void over(TensorView in) {
    data = in.data;
    at = in.at;
    rowFloats = in.stride;
    groupFloats = pieceFloats;
    phaseFloats = 0;
    stepFloats = in.stepStride;
  }

  /** Reads sequences from where they are going to be laid out. */
  void over(float[] room) {
    data = room;
    at = 0;
  }

  private int place(int row, int position) {
    return at + row * rowFloats + position % phases * phaseFloats + position / phases * stepFloats;
  }

  /**
   * Lays out some steps of one row.
   *
   * @param position of the first of them, counted from the first step of padding
   * @param from where they are, {@code step} floats apart
   */
  void lay(int row, int position, int count, float[] from, int fromAt, int step) {
    if (inOrder && phases == 1 && step == stepFloats) {
      System.arraycopy(from, fromAt, data, place(row, position), count * stepFloats);
      return;
    }
    for (int i = 0; i < count; i++) {
      int to = place(row, position + i);
      if (lanes) {
        GroupLanes.groupsLast(from, fromAt + i * step, data, to, channels, groups);
        continue;
      }
      for (int g = 0; g < groups; g++) {
        System.arraycopy(from, fromAt + i * step + g * channels, data, to + g * groupFloats, channels);
      }
    }
  }

  /** Lays out some steps of zeros. */
  void clear(int row, int position, int count) {
    for (int i = 0; i < count; i++) {
      int to = place(row, position + i);
      for (int piece = 0; piece < pieces; piece++) {
        Arrays.fill(data, to + piece * groupFloats, to + piece * groupFloats + stepFloats, 0);
      }
    }
  }

  /** Windows of one row that lie at one distance: those of a phase. */
  private int phase() {
    return (windows + dilation - 1) / dilation;
  }

  /** The most windows that one stretch of some rows has. */
  int longest(int rows) {
    return Math.max(rows, phase());
  }

  /** Stretches of windows that lie at one distance, and so are rows of one product: a step of all rows, or a phase of one. */
  int stretches(int rows) {
    return rows > phase() ? windows : rows * Math.min(dilation, windows);
  }

  /**
   * Finds a stretch.
   *
   * @param i which one
   * @param group whose features
   * @param first row
   * @param rows how many
   * @param x is pointed at the windows
   * @param results where every window has its results
   * @param y is pointed at those of the group
   * @return number of windows
   */
  int stretch(int i, int group, int first, int rows, Rows x, TensorView results, Rows y) {
    boolean all = rows > phase();
    int count = Math.min(dilation, windows);
    int row = all ? first : first + i / count;
    int t = all ? i : i % count;
    x.set(data, place(row, t * strides) + group * groupFloats, all ? rowFloats : strides * readsApart());
    y.set(results.data, results.at + row * results.stride + t * results.stepStride + group * filters,
        all ? results.stride : dilation * results.stepStride);
    return all ? rows : (windows - t + dilation - 1) / dilation;
  }
}
