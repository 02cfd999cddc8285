package dev.rill.variables;

import dev.rill.tensor.CounterRandom;
import dev.rill.tensor.Memory;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
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
   * A variable in its place.
   *
   * @param layer the layer it belongs to
   * @param variable what it is
   * @param at index of its first element in the flat array
   */
  public record Slice(String layer, Variable variable, int at) {
    /** Refuses what is no place in an array. */
    public Slice {
      Require.given(layer, "the layer of a variable");
      Require.given(variable, "the variable of a layer");
      Require.atLeast(at, 0, "the place of a variable");
      if (at + variable.shape().elements() > Integer.MAX_VALUE) {
        throw new ShapeException(variable.name() + " of layer " + layer + ": shape " + variable.shape() + " at " + at
            + " ends behind any array");
      }
    }

    /**
     * Numbers that no layer has rules for, such as a part of a variable.
     *
     * @param layer the layer they belong to
     * @param name what they are called
     * @param shape their axes
     * @param at index of the first element in the flat array
     */
    public Slice(String layer, String name, Shape shape, int at) {
      this(layer, new Variable(name, shape, VariableRules.startingAs(Initializer.zeros())), at);
    }

    /**
     * The variable's name in Keras.
     *
     * @return such as {@code recurrent_kernel}
     */
    public String name() {
      return variable.name();
    }

    /**
     * Its axes.
     *
     * @return all known
     */
    public Shape shape() {
      return variable.shape();
    }

    /**
     * Refuses an array that ends before this variable does.
     *
     * @param array of all weights, or as long
     * @throws ShapeException if it is shorter
     */
    public void check(float[] array) {
      if (Require.given(array, "the array of weights").length - size() < at) {
        throw new ShapeException(name() + " of layer " + layer + " ends at " + (at + size()) + ", the array has " + array.length
            + " elements");
      }
    }

    /** The same of a variable that may be missing. */
    static void check(Slice slice, float[] array) {
      Require.given(slice, "the variable").check(array);
    }

    /**
     * Number of elements.
     *
     * @return floats
     */
    public int size() {
      return shape().size();
    }
  }

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
    return layout.over(Memory.floats(layout.size, layout.largest()));
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
    for (Map.Entry<String, List<Variable>> layer : Require.given(layers, "the variables of the layers").entrySet()) {
      List<Slice> own = new ArrayList<>();
      for (Variable variable : Require.all(layer.getValue(), "the variables of a layer")) {
        if (variable.shape().elements() > Memory.MAX_LENGTH - at) {
          throw new ShapeException("layer " + layer.getKey() + ", " + variable.name() + " of shape " + variable.shape()
              + ": the model has more than 2^31 - 1 weights");
        }
        own.add(new Slice(layer.getKey(), variable, (int) at));
        at += variable.shape().size();
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
   * @throws ShapeException if the array has another length
   */
  public Weights over(float[] array) {
    if (Require.given(array, "the array of weights").length != size) {
      throw new ShapeException("the layout has " + size + " weights, the array " + array.length);
    }
    return new Weights(slices, size, array);
  }

  /**
   * Overwrites all weights, each variable by its own {@link Initializer}.
   *
   * <p>Every number is a function of (seed, variable, index), so a seed means the same weights everywhere; they are not the
   * numbers that Keras would draw.
   *
   * @param seed what they are a function of
   * @throws RillException if an initializer does not fit its variable
   */
  public void initialize(long seed) {
    long stream = CounterRandom.mix(seed);
    for (List<Slice> own : slices.values()) {
      for (Slice slice : own) {
        stream = CounterRandom.mix(stream + 1);
        slice.variable().rules().initializer().fill(values, slice, stream);
      }
    }
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
   * @throws RillException if this is a layout without values
   */
  public Weights copy() {
    return new Weights(slices, size, required().clone());
  }

  /**
   * The flat array itself, for those who pack or train it.
   *
   * @return all values, writing changes the model; null of a layout without values
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
   * The variables of one layer in Keras' order; of a layer that is made of others, those of all of them.
   *
   * @param layer a layer's name
   * @return its slices, empty if it has none
   * @throws RillException if there is no such layer
   */
  public List<Slice> slices(String layer) {
    List<Slice> own = slices.get(layer);
    if (own != null) {
      return own;
    }
    List<Slice> within = new ArrayList<>();
    boolean known = false;
    for (Map.Entry<String, List<Slice>> part : slices.entrySet()) {
      if (part.getKey().startsWith(layer + "/")) {
        known = true;
        within.addAll(part.getValue());
      }
    }
    if (!known) {
      throw new RillException("there is no layer " + layer + "; the layers are " + slices.keySet());
    }
    return List.copyOf(within);
  }

  /**
   * Reads one variable.
   *
   * @param layer a layer's name
   * @param variable index in Keras' order
   * @return a tensor of its own memory
   * @throws RillException if there is no such layer or variable, or this is a layout without values
   */
  public Tensor get(String layer, int variable) {
    Slice slice = slice(layer, variable);
    Tensor copy = Tensor.zeros(slice.shape().toArray());
    System.arraycopy(required(), slice.at(), copy.array(), 0, slice.size());
    return copy;
  }

  /**
   * Writes one variable.
   *
   * @param layer a layer's name
   * @param variable index in Keras' order
   * @param value the new values
   * @throws ShapeException if the shape differs
   * @throws RillException if there is no such layer or variable, or this is a layout without values
   */
  public void set(String layer, int variable, Tensor value) {
    Slice slice = slice(layer, variable);
    if (!slice.shape().equals(Require.given(value, "the new value of a variable").shape())) {
      throw new ShapeException("layer " + layer + ", " + slice.name() + ": expected shape " + slice.shape() + ", got "
          + value.shape());
    }
    System.arraycopy(value.toArray(), 0, required(), slice.at(), slice.size());
  }

  private Slice slice(String layer, int variable) {
    List<Slice> own = slices(layer);
    return own.get(Require.index(variable, own.size(), "variable of this layer"));
  }

  private float[] required() {
    return Require.given(values, "the values of this layout");
  }

  /** For messages: nobody wonders about all weights, but about those of one layer. */
  private String largest() {
    Slice largest = null;
    for (List<Slice> own : slices.values()) {
      for (Slice slice : own) {
        largest = largest == null || slice.size() > largest.size() ? slice : largest;
      }
    }
    return largest == null ? "no weights" : "the weights, of which " + largest.name() + " of layer " + largest.layer()
        + " has shape " + largest.shape();
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
    required();
    Require.given(from, "the weights to copy").required();
    for (String layer : Require.all(layers, "the names of layers")) {
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
   * @throws RillException if this is a layout without values
   */
  public int fingerprint() {
    float[] values = required();
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

  /** Returns how many values there are in how many layers. */
  @Override
  public String toString() {
    return "Weights of " + slices.size() + " layers, " + size + " values";
  }
}
