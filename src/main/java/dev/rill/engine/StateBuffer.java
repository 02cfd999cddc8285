package dev.rill.engine;

import dev.rill.kernels.KernelChoice;
import dev.rill.engine.ops.MemoryLimits;
import dev.rill.kernels.Planes;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.List;

/**
 * The state of some streams in place: what a plan reads and advances. One thread at a time; {@link State} is its value.
 */
public final class StateBuffer {
  private final List<State.Plane> structure;
  private Planes planes;

  StateBuffer(List<State.Plane> structure, int rows) {
    this.structure = structure;
    planes = new Planes(units(structure), rows);
  }

  /** States of zeros, or a refusal that names the layer which keeps the most. */
  static StateBuffer of(List<State.Plane> planes, int rows) {
    State.Plane widest = null;
    for (State.Plane plane : planes) {
      widest = widest == null || plane.units() > widest.units() ? plane : widest;
    }
    try {
      if (widest == null || (long) rows * KernelChoice.padded(widest.units()) < Integer.MAX_VALUE) {
        return new StateBuffer(planes, rows);
      }
    } catch (OutOfMemoryError e) {
      // Said below, with what was asked for.
    }
    throw new ShapeException("the states of " + rows + " rows take " + Planes.bytes(StateBuffer.units(planes), rows) + " bytes"
        + (widest == null ? "" : ", those of layer " + widest.layer() + " the most") + MemoryLimits.heap());
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
   * @throws ShapeException if it is negative
   */
  public void resize(int rows) {
    if (rows < 0) {
      throw new ShapeException("expected a number of rows, got " + rows);
    }
    planes = planes.resized(rows);
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

  private void check(int row) {
    if (row < 0 || row >= planes.rows()) {
      throw new ShapeException("row " + row + " of " + planes.rows() + " rows");
    }
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
      values[p] = new float[Shape.of(rows(), structure.get(p).units()).size()];
      planes.get(p, values[p]);
    }
    return State.of(structure, rows(), weights, values);
  }

  /**
   * Takes a state in; the number of rows becomes that of the state.
   *
   * @param state a state of this structure
   * @throws dev.rill.tensor.StateException if the structure differs
   */
  public void set(State state) {
    state.checkStructure(structure);
    if (state.rows() != rows()) {
      planes = planes.resized(state.rows());
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
    State state = get(0);
    return structure.stream().filter(plane -> plane.layer().equals(layer) && !plane.kind().equals(State.Plane.LAST_OUTPUT))
        .map(plane -> state.get(layer, plane.kind())).toList();
  }
}
