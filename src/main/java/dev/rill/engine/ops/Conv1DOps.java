package dev.rill.engine.ops;

import dev.rill.kernels.Function;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.PackedWeights;
import dev.rill.kernels.Pairwise;
import dev.rill.kernels.Planes;
import dev.rill.kernels.Rows;
import dev.rill.kernels.WeightFormat;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Padding;
import dev.rill.layers.Window;

/** A convolution over time: {@code y = act(window @ W + b)}, a product for each group of filters. */
public final class Conv1DOps extends LayerOps {
  private final Conv1D layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public Conv1DOps(Conv1D layer) {
    this.layer = layer;
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer);
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    return new Training(context, layer);
  }

  /**
   * Floats of a row of results: each group's product writes whole vectors, the next group over what it has written too much; and the
   * activation does behind all of them.
   */
  private static int resultFloats(Conv1D layer) {
    int own = layer.filters() / layer.groups();
    return Math.max(layer.filters() - own + PackedWeights.denseOutputLength(own), PackedWeights.denseOutputLength(layer.filters()));
  }

  /** The windows of all steps, and the end of a sequence kept for the next call where it reads no step ahead. */
  private static final class Inference extends InferenceOp {
    /** Scratch: sequences laid out, results, and cursors for the kernels. */
    private static final class Scratch {
      final ConvolutionWindows windows;
      final float[] laid;
      final float[] out;
      final Rows x = new Rows();
      final Rows y = new Rows();
      final GroupLanes.Scratch lanes;

      Scratch(Inference p, Capacity capacity) {
        lanes = p.lanes == null ? null : new GroupLanes.Scratch(p.lanes);
        windows = new ConvolutionWindows(p.window, p.groups, p.features, p.filters, p.lanes != null);
        laid = new float[Math.toIntExact(ConvolutionWindows.floats(p.window, p.features, capacity))];
        out = new float[Math.toIntExact(p.results(capacity) * p.stride)];
      }
    }

    private final Window window;
    private final int features;
    private final int filters;
    private final Function function;
    private final int groups;
    /** Of each group its kernel, or null where a lane is a group. */
    private final PackedWeights[] kernel;
    private final GroupLanes lanes;
    private final int stride;

    Inference(OpContext context, Conv1D layer) {
      super(context);
      window = layer.window();
      features = context.features();
      filters = layer.filters();
      function = Functions.of(layer.activation());
      stride = resultFloats(layer);
      groups = layer.groups();
      if (context.packing() == WeightFormat.FLOAT32 && GroupLanes.pay(layer)) {
        kernel = null;
        lanes = new GroupLanes(layer, features);
        lanes.fill(context.weights(), context.at(0), layer.useBias() ? context.at(1) : -1);
      } else {
        kernel = kernels(context, layer);
        lanes = null;
      }
    }

    private PackedWeights[] kernels(OpContext context, Conv1D layer) {
      PackedWeights[] packed = new PackedWeights[groups];
      int inputs = window.size() * (features / groups);
      int outputs = filters / groups;
      float[] own = new float[inputs * outputs];
      for (int g = 0; g < groups; g++) {
        for (int i = 0; i < inputs; i++) {
          System.arraycopy(context.weights(), context.at(0) + i * filters + g * outputs, own, i * outputs, outputs);
        }
        packed[g] = PackedWeights.dense(context.packing(), outputs, inputs, own, 0, 0, null, 0,
            layer.useBias() ? context.weights() : null, layer.useBias() ? context.at(1) + g * outputs : 0);
      }
      return packed;
    }

    @Override
    public long weightBytes() {
      long bytes = lanes == null ? 0 : lanes.bytes();
      for (int g = 0; kernel != null && g < groups; g++) {
        bytes += kernel[g].bytes();
      }
      return bytes;
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return ConvolutionWindows.floats(window, features, capacity) + results(capacity) * stride;
    }

    @Override
    public long copies() {
      return 1;
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new Scratch(this, capacity);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      run(k, memory, state, map, 0, rows);
    }

    @Override
    public void again(Kernels k, OpMemory memory, Planes state, int first, int rows) {
      run(k, memory, state, null, first, rows);
    }

    private void run(Kernels k, OpMemory memory, Planes state, int[] map, int first, int rows) {
      Scratch s = (Scratch) memory.scratch(index);
      TensorView in = memory.view(input);
      TensorView y = memory.view(outputs[0]);
      int steps = window.steps(in.steps);
      y.set(s.out, 0, steps * stride, stride, steps);
      s.windows.begin(in.steps);
      if (s.windows.lies(in)) {
        s.windows.over(in);
      } else {
        s.windows.over(s.laid);
        for (int row = 0; row < rows; row++) {
          lay(s.windows, in, row, state, map == null ? first + row : map[row]);
        }
      }
      if (lanes != null) {
        lanes.forward(k, s.lanes, s.windows, 0, rows, s.x, y, s.y);
      }
      for (int g = 0; kernel != null && g < groups; g++) {
        for (int i = 0; i < s.windows.stretches(rows); i++) {
          int count = s.windows.stretch(i, g, 0, rows, s.x, y, s.y);
          k.matmul(kernel[g], count, null, s.x, null, s.y);
        }
      }
      Functions.apply(function, k, s.out, rows * steps, filters, stride);
    }

    private void lay(ConvolutionWindows windows, TensorView in, int row, Planes state, int place) {
      int from = in.at + row * in.stride;
      if (plane < 0) {
        windows.clear(row, 0, windows.before());
      } else {
        float[] tail = state.data(plane);
        int at = place * state.stride(plane);
        windows.lay(row, 0, windows.before(), tail, at, features);
        // What is read next: the last steps of this call, behind those of the calls before it as far as it is too short.
        int kept = Math.max(0, windows.before() - in.steps);
        System.arraycopy(tail, at + (windows.before() - kept) * features, tail, at, kept * features);
        for (int i = kept; i < windows.before(); i++) {
          System.arraycopy(in.data, from + (in.steps - windows.before() + i) * in.stepStride, tail, at + i * features, features);
        }
      }
      windows.lay(row, windows.before(), in.steps, in.data, from, in.stepStride);
      windows.clear(row, windows.before() + in.steps, windows.after());
    }
  }

  /**
   * A convolution in training: {@code dz = dy . act'}, {@code dW = window^T @ dz}, and {@code dz @ W^T} is added to the gradient of
   * every step that a window reads.
   */
  private static final class Training extends TrainingOp {
    /** Cursors, and the gradients of some windows. */
    private static final class Scratch {
      final Rows x = new Rows();
      final Rows y = new Rows();
      final TensorView results = new TensorView();
      final float[] tail = new float[KernelChoice.PADDING];
      final GroupLanes.Scratch lanes;
      float[] windows = {};

      Scratch(GroupLanes lanes) {
        this.lanes = lanes == null ? null : new GroupLanes.Scratch(lanes);
      }
    }

    private final GradientView in;
    private final GradientView out;
    private final Window window;
    private final int groups;
    private final int channels;
    private final int filters;
    private final int kernelAt;
    private final int biasAt;
    private final int stride;
    /** Where a lane is a group; else null. */
    private final GroupLanes lanes;
    /** Of each group, unless there are lanes: its kernel, that transposed, and its gradient. */
    private final PackedWeights[] kernel;
    private final PackedWeights[] back;
    private final WeightGradient[] sums;
    private final ConvolutionWindows windows;
    private TrainingBatch batch;
    /** Whether a window may begin within a sequence: a stream ends and another begins. */
    private boolean resets;
    private final Scratch scratch;
    private float[] laid = {};
    private float[] y = {};
    private float[] before = {};

    Training(TrainingOpContext context, Conv1D layer) {
      in = context.input(0);
      out = context.output(0);
      window = layer.window();
      groups = layer.groups();
      channels = in.width / groups;
      filters = layer.filters() / groups;
      kernelAt = context.at(0);
      biasAt = layer.useBias() ? context.at(1) : -1;
      stride = resultFloats(layer) + KernelChoice.PADDING;
      lanes = GroupLanes.pay(layer) ? new GroupLanes(layer, in.width) : null;
      scratch = new Scratch(lanes);
      int products = lanes == null ? groups : 0;
      kernel = new PackedWeights[products];
      back = new PackedWeights[products];
      sums = new WeightGradient[products];
      for (int g = 0; g < products; g++) {
        kernel[g] = PackedWeights.fillable(filters, window.size() * channels);
        back[g] = PackedWeights.fillable(window.size() * channels, filters);
        sums[g] = new WeightGradient(layer.useBias(), filters, window.size() * channels);
      }
      windows = new ConvolutionWindows(window, groups, in.width, layer.filters(), lanes != null);
      out.results(Functions.of(layer.activation()));
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      int steps = window.steps(in.steps);
      // Only a layer that remembers steps can be told to forget them.
      resets = now.resets != null && window.padding() == Padding.CAUSAL && window.strides() == 1;
      if (resets) {
        windows.beginApart(in.steps);
      } else {
        windows.begin(in.steps);
      }
      laid = Buffers.grown(laid, now.rows, windows.rowFloats());
      windows.over(laid);
      y = Buffers.grown(y, Math.multiplyExact(now.rows, steps), stride);
      if (out.keepsInput) {
        before = Buffers.grown(before, Math.multiplyExact(now.rows, steps), stride);
      }
      out.set(y, 0, stride, steps);
      out.before = before;
      for (WeightGradient sum : sums) {
        sum.ensure(windows.longest(now.sectionRows));
      }
    }

    @Override
    public long multiplyAdds() {
      return (long) out.steps * window.size() * channels * filters * groups;
    }

    @Override
    public void pack(float[] weights) {
      int outputs = groups * filters;
      if (lanes != null) {
        lanes.fill(weights, kernelAt, biasAt);
      }
      for (int g = 0; g < kernel.length; g++) {
        kernel[g].fill(weights, kernelAt + g * filters, outputs, filters);
        if (biasAt >= 0) {
          kernel[g].fillStart(weights, biasAt + g * filters, filters);
        }
        if (in.wanted) {
          back[g].fillTransposed(weights, kernelAt + g * filters, outputs, window.size() * channels);
        }
      }
    }

    @Override
    public void forward(Kernels k) {
      Scratch s = scratch;
      for (int row = 0; row < batch.rows; row++) {
        if (resets) {
          layApart(row);
        } else {
          windows.clear(row, 0, windows.before());
          windows.lay(row, windows.before(), in.steps, in.value, in.at + row * in.stride, batch.rows * in.stride);
          windows.clear(row, windows.before() + in.steps, windows.after());
        }
      }
      s.results.set(y, 0, stride, batch.rows * stride, out.steps);
      if (lanes != null) {
        lanes.forward(k, s.lanes, windows, 0, batch.rows, s.x, s.results, s.y);
      }
      for (int g = 0; g < kernel.length; g++) {
        for (int i = 0; i < windows.stretches(batch.rows); i++) {
          int count = windows.stretch(i, g, 0, batch.rows, s.x, s.results, s.y);
          k.matmul(kernel[g], count, null, s.x, null, s.y);
        }
      }
      for (int t = 0; t < out.steps; t++) {
        for (int row = 0; row < batch.rows; row++) {
          out.activate(k, t * batch.rows + row, s.tail);
        }
      }
    }

    /** Every window of one row for itself, with zeros for what lies before its stream. */
    private void layApart(int row) {
      for (int t = 0; t < out.steps; t++) {
        int begin = begin(row, t);
        for (int i = 0; i < window.size(); i++) {
          int step = step(t, i);
          if (step < begin) {
            windows.clear(row, t * window.size() + i, 1);
          } else {
            windows.lay(row, t * window.size() + i, 1, in.value, in.at + (step * batch.rows + row) * in.stride, in.width);
          }
        }
      }
    }

    /** The step that a window reads at one of its places; outside of the sequence for padding. */
    private int step(int t, int i) {
      return t * window.strides() - windows.before() + i * window.dilation();
    }

    /** The first step that a window may read. */
    private int begin(int row, int t) {
      int step = resets ? t : 0;
      while (step > 0 && step > t - windows.before() && !batch.resets[step * batch.rows + row]) {
        step--;
      }
      return step;
    }

    @Override
    public void backward(Kernels k) {
      int rows = batch.rows;
      for (int t = 0; t < out.steps; t++) {
        for (int row = 0; row < batch.rows; row++) {
          out.differentiate(k, t * rows + row);
        }
      }
      if (!in.wanted) {
        return;
      }
      Scratch s = scratch;
      if (lanes != null) {
        lanes.begin(s.lanes, windows);
        s.windows = Buffers.grown(s.windows, window.size(), in.width);
        for (int t = 0; t < out.steps; t++) {
          for (int row = 0; row < batch.rows; row++) {
            int cell = t * rows + row;
            lanes.backward(k, s.lanes, out.gradient, cell * out.gradientStride, s.windows);
            addWindow(k, 0, in.width, cell, s.windows, 0);
          }
        }
        return;
      }
      // Either all rows of a step are one product, or all steps of a row.
      boolean byStep = batch.rows > out.steps;
      int count = byStep ? batch.rows : out.steps;
      int others = byStep ? out.steps : batch.rows;
      for (int g = 0; g < groups; g++) {
        int length = back[g].outputLength();
        s.windows = Buffers.grown(s.windows, count, length);
        for (int i = 0; i < others; i++) {
          int first = byStep ? i * rows : i;
          int apart = byStep ? 1 : rows;
          s.x.set(out.gradient, first * out.gradientStride + g * filters, apart * out.gradientStride);
          k.matmul(back[g], count, null, s.x, null, s.y.set(s.windows, 0, length));
          for (int j = 0; j < count; j++) {
            addWindow(k, g * channels, channels, first + j * apart, s.windows, j * length);
          }
        }
      }
    }

    /** Adds the gradient of some features of a window to that of the steps it has read. */
    private void addWindow(Kernels k, int feature, int width, int cell, float[] gradient, int at) {
      int row = cell % batch.rows;
      int t = cell / batch.rows;
      int begin = begin(row, t);
      for (int i = 0; i < window.size(); i++) {
        int step = step(t, i);
        if (step >= begin && step < in.steps) {
          int to = (step * batch.rows + row) * in.gradientStride + feature;
          k.pairwise(Pairwise.PLUS, width, in.gradient, to, gradient, at + i * width, in.gradient, to);
        }
      }
    }

    @Override
    public void gradients(Kernels k, int from, int to, float[] weightGradient) {
      Scratch s = scratch;
      int outputs = groups * filters;
      s.results.set(out.gradient, 0, out.gradientStride, batch.rows * out.gradientStride, out.steps);
      if (lanes != null) {
        lanes.gradients(k, s.lanes, windows, from, to - from, s.x, s.results, s.y, weightGradient, kernelAt, biasAt);
      }
      for (int g = 0; g < kernel.length; g++) {
        sums[g].begin();
        for (int i = 0; i < windows.stretches(to - from); i++) {
          int count = windows.stretch(i, g, from, to - from, s.x, s.results, s.y);
          sums[g].add(k, s.x, null, s.y, count);
        }
        sums[g].deliver(0, window.size() * channels, weightGradient, kernelAt + g * filters, outputs);
        if (biasAt >= 0) {
          sums[g].deliver(sums[g].biasRow(), 1, weightGradient, biasAt + g * filters, 0);
        }
      }
    }
  }
}
