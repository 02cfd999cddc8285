package dev.rill;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Plan;
import dev.rill.layers.Recurrent;
import dev.rill.layers.StateBuffer;
import dev.rill.tensor.OneThread;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** The state that a model's stateful layers carry from call to call, and the batch size that it is bound to. */
final class ModelState {
  private final Graph graph;
  private final boolean stateful;
  private final OneThread use;
  private StateBuffer state;
  /** Whether the next call may have any batch size. */
  private boolean free = true;

  ModelState(Graph graph, OneThread use) {
    this.graph = graph;
    this.use = use;
    boolean any = false;
    for (Layer layer : graph.layers()) {
      any |= isStateful(layer);
    }
    stateful = any;
  }

  private static boolean isStateful(Layer layer) {
    return layer instanceof Recurrent<?> recurrent && recurrent.stateful();
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

  /** Whether a call of so many rows needs a new state. */
  boolean fits(int rows) {
    return state != null && state.rows() == rows;
  }

  /** Makes ready for a call of some rows; layers that are not stateful start at zero. */
  StateBuffer enter(Plan plan, int rows) {
    if (!fits(rows)) {
      state = plan.state(rows);
    }
    state.resetOutputs();
    // By index: an iterator would be the only thing that a warm batch allocates.
    for (int i = 0; i < graph.layers().size(); i++) {
      Layer layer = graph.layers().get(i);
      if (layer instanceof Recurrent<?> && !isStateful(layer)) {
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
      for (int row : rows) {
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

  /** Puts a state back, null as well. */
  void set(State other, Supplier<Plan> plan) {
    use.enter();
    try {
      if (other == null) {
        reset();
        return;
      }
      if (state == null) {
        state = plan.get().state(other.rows());
      }
      state.set(other);
      free = false;
    } finally {
      use.leave();
    }
  }

  void reset(Layer layer) {
    use.enter();
    try {
      if (state != null) {
        state.reset(layer.name());
      }
    } finally {
      use.leave();
    }
  }

  /** State of a stateful layer; zeros where the description says the batch size, else none before a call. */
  List<Tensor> of(Recurrent<?> layer, Supplier<Plan> plan) {
    if (!layer.stateful()) {
      return List.of();
    }
    use.enter();
    try {
      if (state == null) {
        int batch = graph.firstNode(layer).outputs().get(0).axis(0);
        return batch == Shape.UNKNOWN ? List.of() : plan.get().state(batch).states(layer.name());
      }
      return state.states(layer.name());
    } finally {
      use.leave();
    }
  }
}
