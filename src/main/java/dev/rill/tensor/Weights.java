package dev.rill.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The weights of a model: one flat array with a named slice for each variable, in Keras' order.
 *
 * <p>One array makes an optimizer one pass, a global norm one reduction and a checkpoint one block. A model owns its
 * weights; {@link #get} and {@link #set} copy.
 */
public final class Weights {
  /**
   * One variable.
   *
   * @param layer the layer it belongs to
   * @param name the variable's name in Keras: kernel, recurrent_kernel, bias
   * @param shape its axes
   * @param at index of its first element in the flat array
   */
  public record Slice(String layer, String name, Shape shape, int at) {
    /**
     * Number of elements.
     *
     * @return floats
     */
    public int size() {
      return shape.size();
    }
  }

  /**
   * What a layer asks for: a variable that has no place yet.
   *
   * @param name the variable's name in Keras
   * @param shape its axes
   */
  public record Variable(String name, Shape shape) {}

  private final Map<String, List<Slice>> slices;
  private final int size;
  private final float[] values;

  private Weights(Map<String, List<Slice>> slices, int size, float[] values) {
    this.slices = slices;
    this.size = size;
    this.values = values;
  }

  /**
   * Variables of zeros.
   *
   * @param layers the variables of each layer, in order
   * @return weights with memory of their own
   * @throws ShapeException if there are more than 2<sup>31</sup> − 1 values
   */
  public static Weights zeros(Map<String, List<Variable>> layers) {
    Weights layout = layout(layers);
    return layout.over(new float[layout.size]);
  }

  /**
   * Lays out variables one behind the other, without memory for their values: a plan to be checked.
   *
   * @param layers the variables of each layer, in order
   * @return places without values
   * @throws ShapeException if there are more than 2<sup>31</sup> − 1 values
   */
  public static Weights layout(Map<String, List<Variable>> layers) {
    Map<String, List<Slice>> placed = new LinkedHashMap<>();
    long at = 0;
    for (Map.Entry<String, List<Variable>> layer : layers.entrySet()) {
      List<Slice> own = new ArrayList<>();
      for (Variable variable : layer.getValue()) {
        own.add(new Slice(layer.getKey(), variable.name(), variable.shape(), (int) at));
        at += variable.shape().size();
        if (at > Integer.MAX_VALUE - 8) {
          throw new ShapeException("layer " + layer.getKey() + ": the model has more than 2^31 - 1 weights");
        }
      }
      placed.put(layer.getKey(), Collections.unmodifiableList(own));
    }
    return new Weights(Collections.unmodifiableMap(placed), (int) at, null);
  }

  /**
   * This layout with values.
   *
   * @param array exactly {@link #size()} floats, which become the weights' own
   * @return weights
   */
  public Weights over(float[] array) {
    if (array.length != size) {
      throw new ShapeException("the layout has " + size + " weights, the array " + array.length);
    }
    return new Weights(slices, size, array);
  }

  /**
   * Number of values.
   *
   * @return floats
   */
  public int size() {
    return size;
  }

  /**
   * The same layout and values in memory of its own.
   *
   * @return a copy
   */
  public Weights copy() {
    return new Weights(slices, size, values.clone());
  }

  /**
   * The flat array itself, for those who build programs from it.
   *
   * @return all values; writing changes the model
   */
  public float[] values() {
    return values;
  }

  /**
   * Names of the layers in order, those without variables included.
   *
   * @return layer names
   */
  public List<String> layers() {
    return List.copyOf(slices.keySet());
  }

  /**
   * The variables of one layer in Keras' order.
   *
   * @param layer a layer's name
   * @return its slices, empty if it has none
   * @throws RillException if there is no such layer
   */
  public List<Slice> slices(String layer) {
    List<Slice> own = slices.get(layer);
    if (own == null) {
      throw new RillException("there is no layer " + layer + "; the layers are " + slices.keySet());
    }
    return own;
  }

  /**
   * Reads one variable.
   *
   * @param layer a layer's name
   * @param variable index in Keras' order
   * @return a tensor of its own memory
   */
  public Tensor get(String layer, int variable) {
    Slice slice = slices(layer).get(variable);
    Tensor copy = Tensor.zeros(slice.shape().toArray());
    System.arraycopy(values, slice.at(), copy.array(), 0, slice.size());
    return copy;
  }

  /**
   * Writes one variable.
   *
   * @param layer a layer's name
   * @param variable index in Keras' order
   * @param value the new values
   * @throws ShapeException if the shape differs
   */
  public void set(String layer, int variable, Tensor value) {
    Slice slice = slices(layer).get(variable);
    if (!slice.shape().equals(value.shape())) {
      throw new ShapeException("layer " + layer + ", " + slice.name() + ": expected shape " + slice.shape() + ", got "
          + value.shape());
    }
    System.arraycopy(value.toArray(), 0, values, slice.at(), slice.size());
  }

  /**
   * Takes over values of others, by the names of layers; those without variables have none.
   *
   * @param from weights of any layout
   * @param layers names of layers
   * @throws RillException if there is no such layer here or there; nothing has changed then
   * @throws ShapeException if its variables differ in name or shape; nothing has changed then
   */
  public void copy(Weights from, List<String> layers) {
    for (String layer : layers) {
      List<Slice> own = slices(layer);
      List<Slice> others = own.isEmpty() ? own : from.slices(layer);
      for (int i = 0; i < Math.max(own.size(), others.size()); i++) {
        String here = i < own.size() ? own.get(i).name() + own.get(i).shape() : "nothing";
        String there = i < others.size() ? others.get(i).name() + others.get(i).shape() : "nothing";
        if (!here.equals(there)) {
          throw new ShapeException("layer " + layer + ", variable " + i + ": expected " + here + ", got " + there);
        }
      }
    }
    for (String layer : layers) {
      for (int i = 0; i < slices(layer).size(); i++) {
        Slice other = from.slices(layer).get(i);
        System.arraycopy(from.values, other.at(), values, slices(layer).get(i).at(), other.size());
      }
    }
  }

  /**
   * A check sum of the values: what a saved state is compared with.
   *
   * @return CRC-32C over the floats' bits, little-endian
   */
  public int fingerprint() {
    CRC32C crc = new CRC32C();
    // Through a buffer, because copying and summing whole blocks is many times faster than float by float.
    ByteBuffer block = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; ) {
      int count = Math.min(block.capacity() / 4, values.length - at);
      block.clear().limit(4 * count);
      block.asFloatBuffer().put(values, at, count);
      crc.update(block);
      at += count;
    }
    return (int) crc.getValue();
  }
}
