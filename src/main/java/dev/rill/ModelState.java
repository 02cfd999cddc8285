package dev.rill;

import dev.rill.engine.StateBuffer;
import dev.rill.engine.StateLayout;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The state that a model's stateful layers carry from call to call, and the batch size that it is bound to. */
final class ModelState {
  private final Graph model;
  /** With nothing but layers that run themselves. */
  private final Graph graph;
  private final StateLayout layout;
  private final boolean stateful;
  private final OneThread use;
  private StateBuffer state;
  /** Whether the next call may have any batch size. */
  private boolean free = true;

  ModelState(Graph model, OneThread use) {
    this.model = model;
    graph = model.unfolded();
    layout = new StateLayout(graph);
    this.use = use;
    boolean any = false;
    for (Layer layer : graph.layers()) {
      any |= layer.stateful();
    }
    stateful = any;
  }

  /** Whether a layer is stateful. */
  boolean stateful() {
    return stateful;
  }

  /** Refuses a batch that is not as large as the state. */
  void check(int batch) {
    if (stateful && !free && state.rows() != batch) {
      throw new ShapeException("the model is stateful, so the batch size must stay that of its state: expected batch size "
          + state.rows() + ", received batch size " + batch + "; resetStates() frees it");
    }
  }

  /** What the layers keep. */
  List<State.Plane> planes() {
    return layout.planes();
  }

  /** Makes ready for a call of some rows, or refuses them; layers that are not stateful start at zero. */
  StateBuffer enter(int rows) {
    check(rows);
    if (!stateful) {
      state = state == null ? layout.state(0) : state;
      state.begin(rows);
      return state;
    }
    if (state == null || state.rows() != rows) {
      state = layout.state(rows);
    }
    state.resetOutputs();
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int i = 0; i < graph.layers().size(); i++) {
      Layer layer = graph.layers().get(i);
      if (!layer.stateful()) {
        state.reset(layer.name());
      }
    }
    return state;
  }

  /** Binds the calls that follow to the rows of the state. */
  void bind() {
    free = false;
  }

  void reset() {
    use.enter();
    try {
      if (state != null) {
        state.reset();
      }
      free = true;
    } finally {
      use.leave();
    }
  }

  /** Rows that a stateful model is bound to, 0 while the next batch may have any size. */
  int rows() {
    return stateful && !free ? state.rows() : 0;
  }

  /** Sets some rows to zero. */
  void reset(int... rows) {
    use.enter();
    try {
      for (int row : Require.given(rows, "the rows to reset")) {
        if (state == null || row < 0 || row >= state.rows()) {
          throw new ShapeException("row " + row + " of " + (state == null ? 0 : state.rows()) + " rows");
        }
      }
      for (int row : rows) {
        state.reset(row);
      }
    } finally {
      use.leave();
    }
  }

  /** The state of this moment, null while the next batch may have any size. */
  State get() {
    use.enter();
    try {
      return rows() == 0 ? null : state.get(0);
    } finally {
      use.leave();
    }
  }

  /** Puts a state back, null as well; nothing has changed if it does not fit. */
  void set(State other) {
    use.enter();
    try {
      set(prepared(other));
    } finally {
      use.leave();
    }
  }

  /** The memory of a state that is to be put back; null for null. */
  StateBuffer prepared(State other) {
    if (other == null) {
      return null;
    }
    if (other.rows() < 1) {
      throw new StateException("expected a state of at least one row, got " + other.rows());
    }
    try {
      StateBuffer made = layout.state(other.rows());
      made.set(other);
      return made;
    } catch (OutOfMemoryError e) {
      throw new StateException("there is no room for a state of " + other.rows() + " rows, "
          + (layout.bytes(other.rows()) >> 20) + " MB: raise -Xmx");
    }
  }

  /** Puts back what has been prepared. */
  void set(StateBuffer prepared) {
    if (prepared == null) {
      reset();
    } else {
      state = prepared;
      free = false;
    }
  }

  void reset(Layer layer) {
    use.enter();
    try {
      if (state != null) {
        for (Layer part : model.parts(layer)) {
          state.reset(part.name());
        }
      }
    } finally {
      use.leave();
    }
  }

  /** State of a stateful layer; zeros where the description says the batch size, else none before a call. */
  List<Tensor> of(Layer layer) {
    use.enter();
    try {
      List<Tensor> states = new ArrayList<>();
      for (Layer part : model.parts(layer)) {
        if (part.stateful()) {
          int batch = graph.firstNode(part).outputs().get(0).axis(0);
          if (state != null) {
            states.addAll(copies(state, part));
          } else if (batch != Shape.UNKNOWN) {
            states.addAll(copies(layout.state(batch), part));
          }
        }
      }
      return states;
    } finally {
      use.leave();
    }
  }

  private static List<Tensor> copies(StateBuffer state, Layer layer) {
    try {
      return state.states(layer.name());
    } catch (OutOfMemoryError e) {
      throw new ShapeException("a copy of the states of layer " + layer.name() + ", of " + state.rows()
          + " rows, does not fit into the JVM's heap of " + Runtime.getRuntime().maxMemory() + " bytes: raise -Xmx");
    }
  }
}
