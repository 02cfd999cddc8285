package dev.rill.layers;

/**
 * Where a tensor lies while a plan runs: {@code data[at + row * rowStride + step * stepStride + feature]}. Strides let
 * one program read a caller's array, another's buffer or the last step of it without copying.
 */
final class Signal {
  float[] data;
  int at;
  int rowStride;
  int stepStride;
  /** Time steps; 1 where there is no time axis. */
  int steps;

  void set(float[] data, int at, int rowStride, int stepStride, int steps) {
    // Writing a reference costs more than asking for it: the collector wants to know.
    if (this.data != data) {
      this.data = data;
    }
    this.at = at;
    this.rowStride = rowStride;
    this.stepStride = stepStride;
    this.steps = steps;
  }

  /** Goes forward in time, and ends after some steps. */
  void cut(int forward, int count) {
    at += forward * stepStride;
    steps = count;
  }

  /** Whether a step counts, where this is a mask. */
  boolean counts(int row, int step) {
    return data[at + row * rowStride + step * stepStride] != 0;
  }
}
