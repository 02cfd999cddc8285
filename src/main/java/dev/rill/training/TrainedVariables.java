package dev.rill.training;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.variables.Constraint;
import dev.rill.variables.Regularizer;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.List;

/** The variables that training changes, those of trainable layers in Keras' order, and the rules they follow. */
final class TrainedVariables {
  private final float[] w;
  private final List<Weights.Slice> slices = new ArrayList<>();

  /** Refuses rules that cannot be carried out. */
  TrainedVariables(Graph graph, Weights weights) {
    w = weights.values();
    for (Layer layer : graph.unfolded().layers()) {
      for (Weights.Slice slice : weights.slices(layer.name())) {
        if (graph.trained(layer) && slice.variable().trained()) {
          slices.add(slice);
          slice.variable().rules().check(slice);
        }
      }
    }
  }

  private Regularizer regularizer(int i) {
    return slices.get(i).variable().rules().regularizer();
  }

  List<Weights.Slice> slices() {
    return slices;
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
    for (int i = 0; i < slices.size(); i++) {
      Constraint constraint = slices.get(i).variable().rules().constraint();
      if (constraint != null) {
        constraint.apply(w, slices.get(i));
      }
    }
  }
}
