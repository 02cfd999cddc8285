package dev.rill.variables;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;

/**
 * The lines of elements that lie along one axis of a variable: {@code lines()} of them, each of {@code length} elements that are
 * {@code stride} apart.
 */
record NormAxis(int length, int stride, int lines) {
  /** What Keras adds to a norm before it divides by it. */
  static final float EPSILON = 1e-7f;

  static NormAxis of(int axis, Weights.Slice slice) {
    check(axis, slice);
    Shape shape = slice.shape();
    int own = axis < 0 ? axis + shape.rank() : axis;
    int stride = 1;
    for (int i = own + 1; i < shape.rank(); i++) {
      stride *= shape.axis(i);
    }
    return new NormAxis(shape.axis(own), stride, shape.size() / Math.max(1, shape.axis(own)));
  }

  static void check(int axis, Weights.Slice slice) {
    if (axis < -Require.given(slice, "the variable").shape().rank() || axis >= slice.shape().rank()) {
      throw new RillException("layer " + slice.layer() + ", " + slice.name() + ": a constraint has norms along axis " + axis
          + ", but the shape is " + slice.shape());
    }
  }

  /** The first element of a line. */
  int start(int line) {
    return line / stride * stride * length + line % stride;
  }

  float norm(float[] w, int first) {
    double squares = 0;
    for (int i = 0; i < length; i++) {
      float x = w[first + i * stride];
      squares += (double) x * x;
    }
    return (float) Math.sqrt(squares);
  }
}
