package dev.rill.layers;

import dev.rill.tensor.Shape;
import java.util.List;

/**
 * Gated recurrent unit (Cho 2014), as Keras computes it. With {@code resetAfter}, the default:
 *
 * <pre>
 *   z = sigmoid(x @ W_z + h @ U_z + b_z)
 *   r = sigmoid(x @ W_r + h @ U_r + b_r)
 *   n = tanh(x @ W_n + b_nx + r . (h @ U_n + b_nh))
 *   h' = z . h + (1 - z) . n
 * </pre>
 *
 * <p>Without it the reset gate comes before the product, {@code n = tanh(x @ W_n + b_n + (r . h) @ U_n)}, and there is
 * only the input's bias. Kernel W (inputs, 3 units), recurrent kernel U (units, 3 units), bias b (2, 3 units) or (3 units), gates
 * in the order z, r, n (the candidate, which Keras calls h). State: h.
 */
public final class GRU extends GatedRecurrent<GRU> {
  /**
   * Describes a layer with Keras' defaults.
   *
   * @param units length of the hidden state
   * @throws dev.rill.tensor.ShapeException if it is not positive
   */
  public GRU(int units) {
    this(null, new Options(units));
  }

  private GRU(String name, Options options) {
    super(name, options);
  }

  /**
   * Whether the reset gate is applied after the recurrent product.
   *
   * @return true by default, as in Keras 3; Keras 1 and 2 knew only false at first
   */
  public boolean resetAfter() {
    return options.resetAfter;
  }

  /**
   * Sets whether the reset gate is applied after the recurrent product.
   *
   * @param after true by default
   * @return another description
   */
  public GRU resetAfter(boolean after) {
    Options changed = options.copy();
    changed.resetAfter = after;
    return with(name(), changed);
  }

  @Override
  GRU with(String name, Options changed) {
    return new GRU(name, changed);
  }

  @Override
  public List<String> stateNames() {
    return List.of("h");
  }

  @Override
  int gates() {
    return 3;
  }

  @Override
  Shape biasShape() {
    return options.resetAfter ? Shape.of(2, 3 * units()) : super.biasShape();
  }
}
