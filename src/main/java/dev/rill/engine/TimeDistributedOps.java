package dev.rill.engine;

import dev.rill.engine.ops.Buffers;
import dev.rill.engine.ops.Capacity;
import dev.rill.engine.ops.GradientView;
import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.LayerOps;
import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.OpMemory;
import dev.rill.engine.ops.StateTap;
import dev.rill.engine.ops.TappedPlane;
import dev.rill.engine.ops.TensorView;
import dev.rill.engine.ops.TrainingBatch;
import dev.rill.engine.ops.TrainingOp;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.kernels.KernelChoice;
import dev.rill.kernels.Kernels;
import dev.rill.kernels.Planes;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Precision;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.variables.Weights;
import java.util.List;

/**
 * A layer or model at every step by itself: a plan of its own, whose rows are the steps of all rows. It stands beside the plans, since
 * it has one inside.
 */
final class TimeDistributedOps extends LayerOps {
  private final TimeDistributed layer;

  TimeDistributedOps(TimeDistributed layer) {
    this.layer = layer;
  }

  /** The weights of the layer inside, which lie in one piece, as weights of their own. */
  private static Weights weights(Graph step, List<Weights.Slice> slices, float[] all) {
    Weights layout = Weights.layout(step.variables());
    float[] own = new float[layout.size()];
    if (own.length > 0) {
      System.arraycopy(all, slices.get(0).at(), own, 0, own.length);
    }
    return layout.over(own);
  }

  @Override
  public InferenceOp inference(OpContext context) {
    return new Inference(context, layer.step(context.shapes().get(0)));
  }

  @Override
  public TrainingOp training(TrainingOpContext context) {
    Graph step = layer.step(context.shapes().get(0));
    for (Layer part : step.unfolded().layers()) {
      if (part.mixesRows() && context.mask() != null && context.trained() && step.unfolded().trained(part)) {
        throw new UnsupportedException("layer " + layer.name() + ": training layer " + part.name() + " within it on masked steps is "
            + "not supported: freeze it with trainable(false), or leave the mask away");
      }
      if (part.activityRegularizer() != null) {
        throw new UnsupportedException("layer " + layer.name() + ": the activity regularizer of layer " + part.name()
            + " within it is not supported in training: leave it away");
      }
    }
    return new Training(context, step);
  }

  private static final class Inference extends InferenceOp {
    /** Results, and what the plan inside works in. */
    private static final class Scratch {
      final float[] out;
      final PlanMemory workspace;
      /** Starts anew at each step of each row. */
      final StateBuffer state;

      Scratch(Inference op, Capacity capacity) {
        out = new float[Math.toIntExact(op.scratchFloats(capacity))];
        workspace = op.plan.memory();
        state = op.plan.state(Math.toIntExact(op.results(capacity)));
      }
    }

    private final Plan plan;
    private final int width;
    private final int stepsInside;
    private final int outWidth;
    private final int outStepsInside;

    /** Steps of each op inside. */
    private final int[] opSteps;

    Inference(OpContext context, Graph step) {
      super(context);
      plan = Plan.within(step, weights(step, context.slices(), context.weights()), Precision.valueOf(context.packing().name()));
      width = plan.inputWidth(0);
      stepsInside = context.features() / width;
      outWidth = plan.outputWidth(0);
      // A layer that is made of others keeps to itself what they do to time.
      outStepsInside = plan.graph().steps(plan.graph().outputs().get(0), stepsInside);
      opSteps = new int[plan.ops().length];
      int op = 0;
      for (Graph.Node node : plan.graph().nodes()) {
        if (!node.inputs().isEmpty()) {
          opSteps[op++] = plan.graph().steps(node.inputs().get(0), stepsInside);
        }
      }
    }

    @Override
    public List<TappedPlane> tapped(boolean gates) {
      return InsideTap.planes(layerName, plan.ops(), opSteps, gates);
    }

    @Override
    public StateTap tapInside(StateTap outside) {
      return new InsideTap(outside, plan.ops(), this);
    }

    @Override
    public long weightBytes() {
      return plan.weightBytes();
    }

    @Override
    public long scratchFloats(Capacity capacity) {
      return results(capacity) * outStepsInside * outWidth;
    }

    @Override
    public Object scratch(Capacity capacity) {
      return new Scratch(this, capacity);
    }

    @Override
    public void run(Kernels k, OpMemory memory, Planes state, int[] map, int rows) {
      run(k, memory, map, 0, rows);
    }

    /** Nothing is where it was, but what listens has to know the rows. */
    @Override
    public void again(Kernels k, OpMemory memory, Planes state, int first, int rows) {
      run(k, memory, null, first, rows);
    }

    private void run(Kernels k, OpMemory memory, int[] map, int first, int rows) {
      TensorView in = memory.view(input);
      Scratch s = (Scratch) memory.scratch(index);
      int size = outStepsInside * outWidth;
      StateTap tap = memory.tap();
      InsideTap inside = tap == null ? null : (InsideTap) tap.inside(index);
      s.workspace.tap(inside);
      if (in.steps == 1) {
        if (inside != null) {
          inside.beginStep(map, first);
        }
        run(k, s, in, in.at, in.stride, 0, rows);
      } else {
        for (int row = 0; row < rows; row++) {
          if (inside != null) {
            inside.beginRow(map == null ? first + row : map[row]);
          }
          run(k, s, in, in.at + row * in.stride, in.stepStride, row * in.steps * size, in.steps);
        }
      }
      if (tap != null) {
        tap.advance(index, map, first, rows, in.steps);
      }
      memory.view(outputs[0]).set(s.out, 0, in.steps * size, size, in.steps);
    }

    private void run(Kernels k, Scratch s, TensorView in, int at, int stride, int to, int count) {
      s.state.begin(count);
      s.workspace.input(0, in.data, at, stride, width, stepsInside);
      s.workspace.output(0, s.out, to, outStepsInside * outWidth, outWidth);
      plan.run(k, s.workspace, s.state, null, count);
    }
  }

  /**
   * All steps of all rows are one batch of the plan inside, step by step: neighbouring rows of it are those of a step, which a layer
   * that mixes rows takes by themselves, one step after the other as Keras does.
   */
  private static final class Training extends TrainingOp {
    private final TrainingOpContext context;
    private final GradientView in;
    private final GradientView out;
    private final Graph step;
    private final Weights weights;
    private final TrainingPlan plan;
    /** Nothing is carried from step to step. */
    private final StateBuffer state = new StateBuffer(List.of(), 0);
    private final int stride;
    private TrainingBatch batch;
    /** All steps of all rows. */
    private List<Tensor> cells;
    private float[] y = {};
    private float[] gradient;

    Training(TrainingOpContext context, Graph step) {
      this.context = context;
      this.step = step;
      in = context.input(0);
      out = context.output(0);
      Weights layout = Weights.layout(step.variables());
      weights = layout.over(new float[layout.size()]);
      plan = new TrainingPlan(step, weights, List.of(), context.trained());
      stride = KernelChoice.padded(out.width);
    }

    @Override
    public boolean wholeBatch() {
      return true;
    }

    @Override
    public void ensure(TrainingBatch now) {
      batch = now;
      if (in.wanted) {
        plan.wantInputGradients();
      }
      y = Buffers.grown(y, now.rows * in.steps, stride);
      out.set(y, 0, stride, in.steps);
    }

    @Override
    public void pack(float[] all) {
      if (weights.size() > 0) {
        System.arraycopy(all, context.at(0), weights.values(), 0, weights.size());
      }
    }

    @Override
    public void forward(Kernels k) {
      int count = batch.rows * in.steps;
      if (cells == null || cells.get(0).shape().axis(0) != count) {
        cells = List.of(Tensor.zeros(step.shape(step.inputs().get(0)).with(0, count).toArray()));
      }
      float[] x = cells.get(0).array();
      for (int cell = 0; cell < count; cell++) {
        System.arraycopy(in.value, in.at + cell * in.stride, x, row(cell) * in.width, in.width);
      }
      plan.check(cells, null);
      plan.begin(cells, null);
      plan.groups(batch.groups * in.steps);
      plan.forward(state, batch.training, CounterRandom.mix(batch.seed + context.index()), batch.call);
      TrainingOutput inside = plan.output(0);
      for (int cell = 0; cell < count; cell++) {
        for (int t = 0; t < inside.steps(); t++) {
          inside.select(t, row(cell));
          System.arraycopy(inside.values(), inside.at(), y, cell * stride + t * inside.width(), inside.width());
        }
      }
    }

    /** The row inside for a step of a row: groups of rows first, then steps, then the rows of a group. */
    private int row(int cell) {
      int size = batch.rows / batch.groups;
      int row = cell % batch.rows;
      return (row / size * in.steps + cell / batch.rows) * size + row % size;
    }

    @Override
    public void backward(Kernels k) {
      int count = batch.rows * in.steps;
      TrainingOutput inside = plan.output(0);
      for (int cell = 0; cell < count; cell++) {
        for (int t = 0; t < inside.steps(); t++) {
          inside.select(t, row(cell));
          System.arraycopy(out.gradient, cell * out.gradientStride + t * inside.width(), inside.gradient(), inside.gradientAt(),
              inside.width());
        }
      }
      gradient = plan.backward();
      if (in.wanted) {
        GradientView dx = plan.signal(step.unfolded().inputs().get(0));
        for (int cell = 0; cell < count; cell++) {
          for (int t = 0; t < dx.steps; t++) {
            int sum = cell * in.gradientStride + t * dx.width;
            int part = (t * count + row(cell)) * dx.gradientStride;
            for (int j = 0; j < dx.width; j++) {
              in.gradient[sum + j] += dx.gradient[part + j];
            }
          }
        }
      }
    }

    @Override
    public void gradients(Kernels k, int from, int to, float[] all) {
      for (int i = 0; i < weights.size(); i++) {
        all[context.at(0) + i] += gradient[i];
      }
    }

    @Override
    public void update(float[] all) {
      // Another application of the layer may have changed them.
      pack(all);
      plan.update();
      for (Weights.Slice slice : context.slices()) {
        if (!slice.variable().trained()) {
          System.arraycopy(weights.values(), slice.at() - context.at(0), all, slice.at(), slice.size());
        }
      }
    }
  }
}
