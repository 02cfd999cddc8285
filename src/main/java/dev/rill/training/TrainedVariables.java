package dev.rill.training;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.Weights;
import dev.rill.variables.VariableRules;
import java.util.ArrayList;
import java.util.List;

/** The variables that training changes, those of trainable layers in Keras' order, and the rules they follow. */
final class TrainedVariables {
  private final float[] w;
  private final List<Weights.Slice> slices = new ArrayList<>();
  private final List<VariableRules> rules = new ArrayList<>();

  /** Refuses rules that cannot be carried out. */
  TrainedVariables(Graph graph, Weights weights) {
    w = weights.values();
    for (Layer layer : graph.layers()) {
      if (layer.trainable()) {
        slices.addAll(weights.slices(layer.name()));
        rules.addAll(graph.rules().get(layer.name()));
      }
    }
    for (int i = 0; i < slices.size(); i++) {
      rules.get(i).check(slices.get(i));
    }
  }

  List<Weights.Slice> slices() {
    return slices;
  }

  /** What regularizers add to the loss. */
  float penalty() {
    float sum = 0;
    for (int i = 0; i < slices.size(); i++) {
      if (rules.get(i).regularizer() != null) {
        sum += rules.get(i).regularizer().value(w, slices.get(i));
      }
    }
    return sum;
  }

  /** Adds the gradient of {@link #penalty}. */
  void regularize(float[] g) {
    for (int i = 0; i < slices.size(); i++) {
      if (rules.get(i).regularizer() != null) {
        rules.get(i).regularizer().addGradient(w, g, slices.get(i));
      }
    }
  }

  /** What follows an update. */
  void constrain() {
    for (int i = 0; i < slices.size(); i++) {
      if (rules.get(i).constraint() != null) {
        rules.get(i).constraint().apply(w, slices.get(i));
      }
    }
  }
}
