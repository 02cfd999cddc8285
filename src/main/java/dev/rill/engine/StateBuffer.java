package dev.rill.engine;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Planes;
import dev.rill.tensor.Memory;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The state of some streams in place: what a plan reads and advances. One thread at a time; {@link State} is its value.
 */
public final class StateBuffer {
  private static final int[] NO_MARKS = {};

  private final List<State.Plane> structure;
  private Planes planes;
  // For rows in no order: marks[row] == mark if the row was seen in this call.
  private int[] marks = NO_MARKS;
  private int mark;
  /** Made when a row first becomes bytes. */
  private RowLayout layout;

  StateBuffer(List<State.Plane> structure, int rows) {
    this.structure = structure;
    planes = make(rows, null);
  }

  /** New planes, of zeros or with the rows of others: refused if there is no room, before anything changes. */
  private Planes make(int rows, Planes old) {
    int[] units = units(structure);
    long bytes = Planes.bytes(units, Require.atLeast(rows, 0, "rows of a state"));
    for (int p = 0; p < units.length; p++) {
      if ((long) rows * KernelChoice.padded(units[p]) > Memory.MAX_LENGTH) {
        Memory.check((long) rows * KernelChoice.padded(units[p]), text(rows) + ", layer " + structure.get(p).layer());
      }
    }
    try {
      if (bytes <= Runtime.getRuntime().maxMemory()) {
        return old == null ? new Planes(units, rows) : old.resized(rows);
      }
    } catch (OutOfMemoryError e) {
      // refused below
    }
    throw Memory.tooLarge(bytes, text(rows));
  }

  private String text(int rows) {
    return "a state of " + rows + " rows in " + structure.size() + " planes" + (structure.isEmpty() ? ""
        : " (the first is " + structure.get(0).kind() + " of layer " + structure.get(0).layer() + ")");
  }

  static int[] units(List<State.Plane> structure) {
    int[] units = new int[structure.size()];
    for (int p = 0; p < units.length; p++) {
      units[p] = structure.get(p).units();
    }
    return units;
  }

  Planes planes() {
    return planes;
  }

  /**
   * Number of streams.
   *
   * @return rows
   */
  public int rows() {
    return planes.rows();
  }

  /**
   * Changes the number of streams; those that stay keep their state, new ones start at zero.
   *
   * @param rows new number
   * @throws ShapeException if it is negative, or an array cannot hold as many
   * @throws dev.rill.tensor.RillException if they do not fit into the heap
   */
  public void resize(int rows) {
    planes = make(rows, planes);
  }

  /**
   * Makes ready for so many rows that begin at zero. Room is kept, so that smaller numbers that follow cost none; what other rows
   * hold is left there.
   *
   * @param rows number of rows, the first ones
   * @throws dev.rill.tensor.RillException if they do not fit into arrays and the heap
   */
  public void begin(int rows) {
    if (rows > planes.rows()) {
      planes = make(rows, null);
    } else {
      planes.resetRows(rows);
    }
  }

  /** Sets every stream to zero. */
  public void reset() {
    planes.reset();
  }

  /**
   * Sets one layer to zero.
   *
   * @param layer its name
   */
  public void reset(String layer) {
    for (int p = 0; p < structure.size(); p++) {
      if (structure.get(p).layer().equals(layer)) {
        planes.resetPlane(p);
      }
    }
  }

  /** Forgets the last outputs of masked layers, as Keras does at the start of a call; states stay. */
  public void resetOutputs() {
    for (int p = 0; p < structure.size(); p++) {
      if (structure.get(p).kind().equals(State.Plane.LAST_OUTPUT)) {
        planes.resetPlane(p);
      }
    }
  }

  /** Becomes a copy of another state of this structure; allocates only if the number of rows changes. */
  void copy(StateBuffer from) {
    if (rows() != from.rows()) {
      planes = new Planes(units(structure), from.rows());
    }
    for (int p = 0; p < structure.size(); p++) {
      System.arraycopy(from.planes.data(p), 0, planes.data(p), 0, planes.data(p).length);
    }
  }

  /**
   * Takes the streams of another state, which has none afterwards; nothing is copied.
   *
   * @param from a state of this structure
   * @throws dev.rill.tensor.StateException if the structure differs
   */
  public void take(StateBuffer from) {
    State.of(from.structure, 0, 0, new float[structure.size()][0]).checkStructure(structure);
    planes = from.planes;
    from.planes = new Planes(units(structure), 0);
  }

  /**
   * Sets one stream to zero.
   *
   * @param row its row
   * @throws ShapeException if there is no such row
   */
  public void reset(int row) {
    check(row);
    planes.reset(row);
  }

  /**
   * Gives one stream the state of another.
   *
   * @param from row read
   * @param to row written
   * @throws ShapeException if there is no such row
   */
  public void copy(int from, int to) {
    check(from);
    check(to);
    planes.copy(from, to);
  }

  /**
   * Refuses rows of a call that this state does not have, or not twice.
   *
   * @param expected structure of the plan that asks
   * @param map rows, each at most once; null for the first ones
   * @param n how many
   */
  void checkRows(List<State.Plane> expected, int[] map, int n) {
    if (structure != expected && !structure.equals(expected)) {
      throw new StateException("the state is of another structure: expected " + expected + ", got " + structure);
    }
    int count = rows();
    if (map == null) {
      Require.count(n, count, "the number of rows of the session");
      return;
    }
    Require.count(n, map.length, "the length of rows");
    boolean ascending = true;
    for (int i = 0; i < n; i++) {
      if (map[i] < 0 || map[i] >= count) {
        throw new ShapeException("row " + map[i] + " at " + i + ": the session has " + count + " rows");
      }
      ascending &= i == 0 || map[i] > map[i - 1];
    }
    if (!ascending) {
      checkDistinct(map, n);
    }
  }

  /** A row that stands twice would have to be advanced twice at once. */
  private void checkDistinct(int[] map, int n) {
    if (marks.length < rows()) {
      try {
        marks = new int[rows()];
      } catch (OutOfMemoryError e) {
        throw Memory.tooLarge(4L * rows(), "marks of " + rows() + " rows, for rows that are not in ascending order");
      }
      mark = 0;
    }
    if (++mark == 0) {
      Arrays.fill(marks, 0);
      mark = 1;
    }
    for (int i = 0; i < n; i++) {
      if (marks[map[i]] == mark) {
        throw new ShapeException("row " + map[i] + " is given twice");
      }
      marks[map[i]] = mark;
    }
  }

  private void check(int row) {
    Require.index(row, planes.rows(), "row");
  }

  /**
   * The state as a value.
   *
   * @param weights fingerprint of the weights it belongs to
   * @return a copy
   */
  public State get(int weights) {
    float[][] values = new float[structure.size()][];
    for (int p = 0; p < values.length; p++) {
      values[p] = values(p);
    }
    return State.of(structure, rows(), weights, values);
  }

  private float[] values(int plane) {
    int units = structure.get(plane).units();
    float[] values = Memory.floats((long) rows() * units, "a copy of the state of layer " + structure.get(plane).layer());
    planes.get(plane, values);
    return values;
  }

  /**
   * Refuses a state that this one cannot take in.
   *
   * @param state some state
   * @throws dev.rill.tensor.StateException if the structure differs
   */
  public void check(State state) {
    Require.given(state, "the state").checkStructure(structure);
  }

  /**
   * One stream's state as a value.
   *
   * @param row its row
   * @param weights fingerprint of the weights it belongs to
   * @return a copy of one row
   * @throws ShapeException if there is no such row
   */
  public State get(int row, int weights) {
    check(row);
    float[][] values = new float[structure.size()][];
    for (int p = 0; p < values.length; p++) {
      int at = row * planes.stride(p);
      values[p] = Arrays.copyOfRange(planes.data(p), at, at + structure.get(p).units());
    }
    return State.of(structure, 1, weights, values);
  }

  /**
   * Writes one row as bytes; allocates nothing.
   *
   * @param row its index
   * @param weights fingerprint of the weights it belongs to
   * @param to the bytes
   * @param at position of the first one
   * @return the position behind the last one
   * @throws ShapeException if there is no such row, or no room for it
   */
  public int save(int row, int weights, byte[] to, int at) {
    check(row);
    return layout().put(planes, row, weights, to, at);
  }

  /**
   * Reads one row; allocates nothing.
   *
   * @param row its index
   * @param from what {@link #save} wrote
   * @param at position of the first byte
   * @return the position behind the last one
   * @throws ShapeException if there is no such row, or the bytes end before it does
   * @throws dev.rill.tensor.StateException if the structure differs
   */
  public int load(int row, byte[] from, int at) {
    check(row);
    layout().check(from, at);
    return layout.get(planes, row, from, at);
  }

  /**
   * Which weights a row in bytes was made with.
   *
   * @param from what {@link #save} wrote
   * @param at position of the first byte
   * @return their fingerprint
   * @throws ShapeException if the bytes end before the row does
   * @throws dev.rill.tensor.StateException if the structure differs
   */
  public int weights(byte[] from, int at) {
    layout().check(from, at);
    return layout.weights(from, at);
  }

  private RowLayout layout() {
    if (layout == null) {
      layout = new RowLayout(structure);
    }
    return layout;
  }

  /**
   * Takes a state in; the number of rows becomes that of the state.
   *
   * @param state a state of this structure
   * @throws dev.rill.tensor.StateException if the structure differs
   * @throws dev.rill.tensor.RillException if there is no room for it
   */
  public void set(State state) {
    check(state);
    if (state.rows() != rows()) {
      planes = make(state.rows(), planes);
    }
    for (int p = 0; p < structure.size(); p++) {
      planes.set(p, state.values(p));
    }
  }

  /**
   * What one layer keeps, in Keras' order; a masked layer's last output is not part of it.
   *
   * @param layer its name
   * @return copies of shape (rows, units), h before c; empty if the layer keeps nothing
   */
  public List<Tensor> states(String layer) {
    List<Tensor> states = new ArrayList<>();
    for (int p = 0; p < structure.size(); p++) {
      State.Plane plane = structure.get(p);
      if (plane.layer().equals(layer) && !plane.kind().equals(State.Plane.LAST_OUTPUT)) {
        states.add(Tensor.of(values(p), rows(), plane.units()));
      }
    }
    return List.copyOf(states);
  }

  /** Returns the rows and the planes. */
  @Override
  public String toString() {
    return "StateBuffer of " + rows() + " rows: " + structure;
  }
}
