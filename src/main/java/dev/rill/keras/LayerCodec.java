package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.Layer;
import dev.rill.tensor.Shape;
import java.util.List;

/**
 * The file form of one class of layers: what its configuration says, where a file of weights keeps its variables, how a call
 * of it is written. One class a layer, without state; {@link LayerCodecs} lists them.
 *
 * <p>An interface rather than a class: the verifier would load every class that {@link LayerCodecs} mentions.
 *
 * @param <L> the description
 */
interface LayerCodec<L extends Layer> {
  /**
   * Reads a configuration. Every option is asked for, called inert, or refused: one that nobody mentions is refused by name.
   *
   * @param config knows its place in the file and the version of Keras that wrote it
   * @return the description; its name is given to it afterwards
   */
  L read(LayerConfig config);

  /**
   * Writes the configuration, member for member as Keras 3.15 does.
   *
   * @param layer named
   * @param inputs shapes of what it reads
   * @return mostly {@link LayerWriter#common} and what the layer has of its own
   */
  JsonObject write(L layer, List<Shape> inputs);

  /** The whole entry of a layer among others: where its class is, the configuration, what it was built for. */
  default JsonObject entry(L layer, List<Shape> inputs, List<Shape> initialState) {
    JsonObject entry = LayerWriter.entry("keras.layers", layer.className(), write(layer, inputs));
    return keepsBuild() ? entry.with("build_config", build(layer, inputs, initialState)) : entry;
  }

  /** Whether Keras keeps the shapes that the layer was built for: not those of layers that have nothing to build. */
  default boolean keepsBuild() {
    return true;
  }

  /** The shapes that the layer was built for. */
  default JsonObject build(L layer, List<Shape> inputs, List<Shape> initialState) {
    return JsonObject.EMPTY.with("input_shape",
        layer.readsList() ? LayerWriter.shapes(inputs) : LayerWriter.shape(inputs.get(0)));
  }

  /**
   * Where the layer's variables lie: its own group, and those of the objects inside it.
   *
   * @param inputs shapes of what it reads
   * @param groups takes every object, and the layer's variables in their order
   */
  default void groups(L layer, List<Shape> inputs, ObjectGroups groups) {
    groups.add("", layer.name(), layer.variables(inputs));
  }

  /**
   * The keyword arguments of a call in a functional model; those that say nothing are written as Keras does.
   *
   * @param mask the mask that it applies, null in JSON if none
   * @param initialState tensors, mostly none
   */
  default JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY;
  }

  /** What Keras' arrays for its outputs hold. */
  default String outputType(L layer) {
    return "float32";
  }

  /** The function that does what the layer does; null if there is none. */
  default ActivationFunction function(L layer) {
    return null;
  }

  /**
   * Whether a regularizer of the layer's outputs is read, which Keras lets every layer have. That of another layer does not keep a
   * model from being served, but from being trained.
   */
  default boolean readsActivityRegularizer() {
    return false;
  }
}
