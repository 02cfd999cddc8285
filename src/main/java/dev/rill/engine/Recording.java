package dev.rill.engine;

import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.StateRings;
import dev.rill.engine.ops.StateTap;
import dev.rill.engine.ops.StepRing;
import dev.rill.engine.ops.TappedPlane;
import dev.rill.engine.ops.TensorView;
import dev.rill.layers.Graph;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plan has read, kept and given over the last so many steps of each row: inputs, states and on request gates of recurrent
 * layers, outputs. Room is made once; a step that is recorded allocates nothing.
 */
public final class Recording {
  /** Kind of what an input holds. */
  public static final String INPUT = "x";
  /** Kind of what an output holds. */
  public static final String OUTPUT = "y";

  private final int rows;
  private final StateRings tap;
  private final PlanPorts inPorts;
  private final PlanPorts outPorts;
  private final StepRing[] inputs;
  private final StepRing[] outputs;
  private final List<StepRing> all = new ArrayList<>();

  Recording(Graph graph, InferenceOp[] ops, PlanPorts inputs, PlanPorts outputs, int rows, int capacity, boolean gates) {
    this.rows = rows;
    inPorts = inputs;
    outPorts = outputs;
    this.inputs = ports(graph, graph.inputs(), inputs, INPUT, rows, capacity);
    this.outputs = ports(graph, graph.outputs(), outputs, OUTPUT, rows, capacity);
    tap = new StateRings(ops, rows, capacity, gates);
    all.addAll(List.of(this.inputs));
    all.addAll(tap.rings());
    all.addAll(List.of(this.outputs));
  }

  /**
   * Carries out a call as {@link Plan#run} does and writes everything of it down.
   *
   * @param plan what runs
   * @param ws a workspace of this plan, with inputs and outputs bound
   * @param state read and advanced
   * @param rows rows of the input and of the state
   * @param gates whether gates are wanted beside states
   * @return as many steps of each layer as it has made
   * @throws dev.rill.tensor.RillException if {@link Plan#prepare} refuses an input
   * @throws dev.rill.tensor.ShapeException if there is no room; nothing has changed then
   */
  public static Recording of(Plan plan, PlanMemory ws, StateBuffer state, int rows, boolean gates) {
    plan.prepare(ws, rows, rows);
    Recording recording = plan.recording(rows, plan.longest(ws), gates);
    ws.record(recording);
    try {
      plan.run(ws, state, null, rows);
    } finally {
      ws.record(null);
    }
    return recording;
  }

  private static StepRing[] ports(Graph graph, List<Graph.Ref> refs, PlanPorts ports, String kind, int rows, int capacity) {
    StepRing[] rings = new StepRing[refs.size()];
    for (int i = 0; i < rings.length; i++) {
      State.Plane plane = new State.Plane(graph.layerName(refs.get(i)), kind, ports.widths[i]);
      rings[i] = new StepRing(new TappedPlane(plane, 1), rows, capacity);
    }
    return rings;
  }

  StateTap tap() {
    return tap;
  }

  /** Takes what a call, or a block of one, has read and given; what is no sequence comes with the last block. */
  void take(PlanMemory ws, int[] map, int count, boolean last) {
    for (int i = 0; i < inputs.length; i++) {
      if (last || inPorts.sequences[i]) {
        take(inputs[i], ws.boundInput(i), map, count);
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      if (last || outPorts.sequences[i]) {
        take(outputs[i], ws.view(outPorts.signals[i]), map, count);
      }
    }
  }

  private static void take(StepRing ring, TensorView view, int[] map, int count) {
    for (int row = 0; row < count; row++) {
      int to = map == null ? row : map[row];
      for (int step = 0; step < view.steps; step++) {
        ring.put(to, 0, view.data, view.at + row * view.stride + step * view.stepStride);
        ring.advance(to, 1);
      }
    }
  }

  /**
   * What is recorded: inputs, then what recurrent layers keep in running order, their states before their gates, then outputs.
   *
   * @return one a plane; of inputs of kind {@link #INPUT}, of outputs {@link #OUTPUT}, of states {@code h} and {@code c}, of
   *     gates their names
   */
  public List<State.Plane> planes() {
    List<State.Plane> planes = new ArrayList<>();
    for (StepRing ring : all) {
      planes.add(ring.plane());
    }
    return planes;
  }

  /**
   * What is there of some rows, oldest step first.
   *
   * @param plane its index in {@link #planes()}
   * @param from first row
   * @param count number of rows, all of which have as many steps as the first
   * @return a copy of shape (count, steps, units)
   */
  public Tensor values(int plane, int from, int count) {
    StepRing ring = all.get(plane);
    int steps = count == 0 ? 0 : ring.held(from);
    int units = ring.plane().units();
    Tensor values = Tensor.zeros(count, steps, units);
    for (int row = 0; row < count; row++) {
      for (int step = 0; step < steps; step++) {
        ring.read(from + row, step, values.array(), (row * steps + step) * units);
      }
    }
    return values;
  }

  /**
   * Whether every row holds as many steps as the first.
   *
   * @return true if one trace can tell of all rows
   */
  public boolean even() {
    boolean even = true;
    for (StepRing ring : all) {
      for (int row = 1; row < rows; row++) {
        even &= ring.held(row) == ring.held(0);
      }
    }
    return even;
  }

  /**
   * Number of rows.
   *
   * @return those of the state when the recording began
   */
  public int rows() {
    return rows;
  }

  @Override
  public String toString() {
    return "recording of " + planes();
  }
}
