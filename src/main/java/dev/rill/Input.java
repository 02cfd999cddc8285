package dev.rill;

import dev.rill.layers.InputLayer;
import dev.rill.layers.Symbol;
import dev.rill.tensor.Require;
import dev.rill.tensor.Shape;

/** Where a model starts: makes the symbols that stand for its inputs. */
public final class Input {
  private Input() {}

  /**
   * An input of any batch size, Keras' {@code Input(shape)}.
   *
   * @param shape axes behind the batch: (time, features), (features), or (time) of ids for an embedding; time may be
   *     {@link Shape#UNKNOWN}
   * @return a symbol of shape (None, ...)
   * @throws dev.rill.tensor.RillException if it is no such shape
   */
  public static Symbol shape(int... shape) {
    return layer(shape).symbol();
  }

  /**
   * The same under a name, Keras' {@code Input(shape, name=...)}.
   *
   * @param name name of the input layer
   * @param shape axes behind the batch, as for {@link #shape}
   * @return a symbol of shape (None, ...)
   * @throws dev.rill.tensor.RillException if it is no such shape
   */
  public static Symbol named(String name, int... shape) {
    return layer(shape).named(name).symbol();
  }

  private static InputLayer layer(int[] shape) {
    int[] withBatch = new int[Require.given(shape, "the shape of an input").length + 1];
    withBatch[0] = Shape.UNKNOWN;
    System.arraycopy(shape, 0, withBatch, 1, shape.length);
    return new InputLayer(Shape.of(withBatch));
  }

  /**
   * An input whose batch size is said, Keras' {@code Input(batch_shape)}. It is a remark: any batch size runs.
   *
   * @param shape all axes: (batch, time, features) or (batch, features); batch and time may be {@link Shape#UNKNOWN}
   * @return a symbol of that shape
   */
  public static Symbol batchShape(int... shape) {
    return new InputLayer(Shape.of(shape)).symbol();
  }

  /**
   * The same under a name, Keras' {@code Input(batch_shape, name=...)}.
   *
   * @param name name of the input layer
   * @param shape all axes, as for {@link #batchShape}
   * @return a symbol of that shape
   * @throws dev.rill.tensor.RillException if Keras does not take such a name: an empty one, or one with a slash or a control
   *     character
   * @throws dev.rill.tensor.RillException if it is no such shape
   */
  public static Symbol batchNamed(String name, int... shape) {
    return new InputLayer(Shape.of(shape)).named(name).symbol();
  }
}
