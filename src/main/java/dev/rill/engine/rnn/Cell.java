package dev.rill.engine.rnn;

import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Rows;
import java.util.List;

/**
 * One step of one kind of recurrent layer, packed for the kernels. Immutable; rows and scratch come from outside.
 */
abstract class Cell {
  final int units;
  /** Weights whose input part may be computed for many steps ahead. */
  final PackedWeights panels;

  Cell(int units, PackedWeights panels) {
    this.units = units;
    this.panels = panels;
  }

  /** Number of state planes: h, or h and c. */
  int planes() {
    return 1;
  }

  /** Length of a row that {@link #step} writes. */
  int outputStride() {
    return KernelChoice.padded(units);
  }

  /** Whether {@link #step} can start from pre-activations that hold the input's part already. */
  boolean ahead() {
    return true;
  }

  /** Whether {@link #step} may write the hidden state over the one before the step. */
  boolean inPlace() {
    return false;
  }

  /** Bytes of packed weights. */
  long weightBytes() {
    return panels.bytes();
  }

  /** Floats that {@link #step} needs to itself. */
  int scratchFloats() {
    return 0;
  }

  /** What its gates are called, candidates included, in the order of {@link #gates}. */
  List<String> gateNames() {
    return List.of();
  }

  /** Floats that {@link #gates} writes or needs. */
  int gateFloats() {
    return 0;
  }

  /**
   * The gates of one row in the step just made, as the step has used them: gate {@code g} at {@code to[g * outputStride...]}. In a
   * step that a mask takes back they are what would have been.
   *
   * @param k the kernels of this call
   * @param row which
   * @param x inputs, or null where {@code z} held their part already
   * @param h hidden state before the step; where {@link #inPlace()}, anything
   * @param z as the step has left it
   * @param to at least {@link #gateFloats()} floats
   * @param cursor a cursor to be used
   */
  void gates(Kernels k, int row, Rows x, Rows h, Rows z, float[] to, Rows cursor) {}

  /**
   * One time step of some rows.
   *
   * @param k the kernels of this call
   * @param rows number of rows
   * @param x inputs, or null where {@code z} holds their part already
   * @param h hidden state before the step
   * @param c cell state, old in, new out; only an LSTM has one
   * @param z pre-activations, overwritten
   * @param out hidden state after the step; may be {@code h} if {@link #inPlace()}
   * @param scratch {@link #scratchFloats()} floats
   */
  abstract void step(Kernels k, int rows, Rows x, Rows h, Rows c, Rows z, Rows out, float[] scratch);
}
