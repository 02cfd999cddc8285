package dev.rill.training;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.variables.Constraint;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The variables that training changes, those of trainable layers in Keras' order, and the rules they follow. */
final class TrainedVariables {
  private final float[] w;
  private final List<Weights.Slice> slices = new ArrayList<>();
  private final List<Weights.Slice> reached = new ArrayList<>();

  /** Refuses rules that cannot be carried out. */
  TrainedVariables(Graph graph, Weights weights, List<Objective> objectives) {
    w = weights.values();
    Set<String> learning = learning(graph.unfolded(), objectives);
    for (Layer layer : graph.unfolded().layers()) {
      for (Weights.Slice slice : weights.slices(layer.name())) {
        if (graph.trained(layer) && slice.variable().trained()) {
          slices.add(slice);
          slice.variable().rules().check(slice);
          if (learning.contains(layer.name()) || slice.variable().rules().regularizer() != null) {
            reached.add(slice);
          }
        }
      }
    }
  }

  /** The layers of which a loss, or a penalty of what some layer gives, is a function. */
  private static Set<String> learning(Graph graph, List<Objective> objectives) {
    List<Graph.Node> nodes = graph.nodes();
    boolean[] learns = new boolean[nodes.size()];
    for (int o = 0; o < objectives.size(); o++) {
      learns[graph.outputs().get(o).node()] |= objectives.get(o).loss() != null;
    }
    Set<String> names = new HashSet<>();
    // A node stands behind those that it reads.
    for (int n = nodes.size() - 1; n >= 0; n--) {
      Graph.Node node = nodes.get(n);
      if (learns[n] || node.layer().activityRegularizer() != null) {
        names.add(node.layer().name());
        node.inputs().forEach(input -> learns[input.node()] = true);
        node.initialState().forEach(state -> learns[state.node()] = true);
      }
    }
    return names;
  }

  private Regularizer regularizer(int i) {
    return slices.get(i).variable().rules().regularizer();
  }

  List<Weights.Slice> slices() {
    return slices;
  }

  /** Those that have a gradient: Keras leaves the others as they are, whatever weight decay and constraints say. */
  List<Weights.Slice> reached() {
    return reached;
  }

  /** What regularizers add to the loss. */
  float penalty() {
    float sum = 0;
    for (int i = 0; i < slices.size(); i++) {
      if (regularizer(i) != null) {
        sum += regularizer(i).value(w, slices.get(i));
      }
    }
    return sum;
  }

  /** Adds the gradient of {@link #penalty}. */
  void regularize(float[] g) {
    for (int i = 0; i < slices.size(); i++) {
      if (regularizer(i) != null) {
        regularizer(i).addGradient(w, g, slices.get(i));
      }
    }
  }

  /** What follows an update. */
  void constrain() {
    for (int i = 0; i < reached.size(); i++) {
      Constraint constraint = reached.get(i).variable().rules().constraint();
      if (constraint != null) {
        constraint.apply(w, reached.get(i));
      }
    }
  }
}
