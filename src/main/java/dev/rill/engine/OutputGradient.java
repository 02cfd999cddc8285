package dev.rill.engine;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.GradientView;
import java.util.Arrays;

/** The place for the gradient of some rows of an output. */
final class OutputGradient {
  final GradientView flow;
  /** The gradient where others add to that of the flow, or nobody wants it; empty where the flow's own serves. */
  private float[] own = {};
  private boolean ofLogits;
  /** Rows of the batch at hand. */
  int rows;

  OutputGradient(GradientView flow) {
    this.flow = flow;
  }

  /** Makes room for the gradient of so many rows, and starts it at zero. */
  void begin(int count) {
    rows = count;
    ofLogits = false;
    if (apart()) {
      own = Buffers.grown(own, count * flow.steps, flow.gradientStride);
      Arrays.fill(own, 0, count * flow.steps * flow.gradientStride, 0);
    }
  }

  private boolean apart() {
    return !flow.wanted || flow.readers > 1;
  }

  /** Where the gradient goes: an array of zeros. */
  float[] gradient() {
    return apart() ? own : flow.gradient;
  }

  /** Says that the gradient is with respect to what the activation was applied to. */
  void ofLogits() {
    ofLogits = true;
  }

  /** Hands the gradient to the layers. */
  void deliver() {
    flow.fused = ofLogits && flow.readers == 1;
    if (!flow.wanted || flow.readers == 1) {
      return;
    }
    float[] to = ofLogits ? flow.gradientBefore : flow.gradient;
    for (int i = 0; i < rows * flow.steps * flow.gradientStride; i++) {
      to[i] += own[i];
    }
  }
}
