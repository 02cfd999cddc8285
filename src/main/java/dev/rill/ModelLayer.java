package dev.rill;

import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.util.List;

/** A layer in its model: its weights and its states. */
public final class ModelLayer {
  private final Graph graph;
  private final Layer layer;
  private final ModelWeights variables;
  private final ModelState carried;

  ModelLayer(Graph graph, Layer layer, ModelWeights variables, ModelState carried) {
    this.graph = graph;
    this.layer = layer;
    this.variables = variables;
    this.carried = carried;
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
    return graph.symbols(layer);
  }

  /**
   * Its variables in Keras' order, {@code get_weights()}.
   *
   * @return copies
   */
  public List<Tensor> weights() {
    return variables.of(name());
  }

  /**
   * Sets its variables in Keras' order, {@code set_weights()}. States stay as they are.
   *
   * @param values one tensor a variable
   * @throws ShapeException if the number or a shape differs; nothing has changed then
   */
  public void weights(List<Tensor> values) {
    variables.set(name(), values);
  }

  /**
   * Its states in Keras' order: h, or h and c for an LSTM.
   *
   * @return copies of shape (batch, units); empty if the layer is not stateful, or has neither run nor a batch size
   */
  public List<Tensor> states() {
    return carried.of(layer);
  }

  /** Sets its states to zero. The batch size of the model stays; {@link Model#resetStates()} frees it. */
  public void resetStates() {
    carried.reset(layer);
  }

  /** Returns the class and name of the layer. */
  @Override
  public String toString() {
    return PlainText.shown(layer.label());
  }
}
