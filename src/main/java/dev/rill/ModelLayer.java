package dev.rill;

import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.variables.Weights;
import java.util.ArrayList;
import java.util.List;

/** A layer in its model: its weights and its states. */
public final class ModelLayer {
  private final Model model;
  private final Layer layer;

  ModelLayer(Model model, Layer layer) {
    this.model = model;
    this.layer = layer;
  }

  /**
   * Its name.
   *
   * @return unique in the model
   */
  public String name() {
    return layer.name();
  }

  /**
   * How it is configured.
   *
   * @return the description
   */
  public Layer layer() {
    return layer;
  }

  /**
   * Its first output, to build another model from: one that reads this model's inputs and ends here, or goes on with other layers.
   * Layers keep their names, by which {@link Model#copyWeights} gives it this model's weights.
   *
   * <pre>{@code
   * Model encoder = Model.of(trained.layer("question").output(), trained.layer("encoder").output());
   * encoder.copyWeights(trained);
   * }</pre>
   *
   * @return the symbol; that of an input layer is where a model starts
   * @throws dev.rill.tensor.RillException if the layer is applied more than once
   */
  public Symbol output() {
    return outputs().get(0);
  }

  /**
   * All of its outputs, as {@link #output()}.
   *
   * @return one symbol, or those of a recurrent layer: the result and, with {@code returnState}, its states
   * @throws dev.rill.tensor.RillException if the layer is applied more than once
   */
  public List<Symbol> outputs() {
    return model.graph().symbols(layer);
  }

  /**
   * Its variables in Keras' order, {@code get_weights()}.
   *
   * @return copies
   */
  public List<Tensor> weights() {
    List<Tensor> copies = new ArrayList<>();
    for (int i = 0; i < model.weights().slices(name()).size(); i++) {
      copies.add(model.weights().get(name(), i));
    }
    return copies;
  }

  /**
   * Sets its variables in Keras' order, {@code set_weights()}. States stay as they are.
   *
   * @param values one tensor a variable
   * @throws ShapeException if the number or a shape differs; nothing has changed then
   */
  public void weights(List<Tensor> values) {
    List<Weights.Slice> slices = model.weights().slices(name());
    if (values.size() != slices.size()) {
      throw new ShapeException("layer " + name() + " has " + slices.size() + " variables, got " + values.size());
    }
    for (int i = 0; i < values.size(); i++) {
      Shape expected = slices.get(i).shape();
      if (!expected.equals(values.get(i).shape())) {
        throw new ShapeException("layer " + name() + ", " + slices.get(i).name() + ": expected shape " + expected + ", got "
            + values.get(i).shape());
      }
    }
    for (int i = 0; i < values.size(); i++) {
      model.weights().set(name(), i, values.get(i));
    }
    model.changed();
  }

  /**
   * Its states in Keras' order: h, or h and c for an LSTM.
   *
   * @return copies of shape (batch, units); empty if the layer is not stateful, or has neither run nor a batch size
   */
  public List<Tensor> states() {
    return model.carried().of(layer, model::plan);
  }

  /** Sets its states to zero. The batch size of the model stays; {@link Model#resetStates()} frees it. */
  public void resetStates() {
    model.carried().reset(layer);
  }
}
