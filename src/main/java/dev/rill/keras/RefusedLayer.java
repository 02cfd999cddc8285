package dev.rill.keras;

import dev.rill.tensor.UnsupportedException;
import java.util.Set;

/** Why a layer that has no codec is refused, whether it matters where the model only predicts, and what can be done. */
final class RefusedLayer {
  /** These hand on what they read when nothing is trained. */
  private static final Set<String> TRAINING = Set.of("SpatialDropout2D", "SpatialDropout3D",
      "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness", "RandomCrop");
  /** These read strings, or what else no array of numbers holds. */
  private static final Set<String> STRINGS = Set.of("StringLookup", "TextVectorization", "Hashing", "HashedCrossing", "IntegerLookup",
      "CategoryEncoding", "Discretization");

  private RefusedLayer() {}

  /**
   * A layer of a class that is not known.
   *
   * @param place where it stands
   * @param name its own
   * @param type its class
   */
  static UnsupportedException of(String place, String name, String type) {
    return new UnsupportedException(place + ": layer " + name + " of class " + type + " is not supported" + what(type)
        + "; supported are " + String.join(", ", LayerCodecs.names()));
  }

  private static String what(String type) {
    if (type.equals("Lambda")) {
      return ", as its code would have to be executed, which no file may ask for; the outputs depend on it: put Keras' own layers in "
          + "its place, Rescaling, Permute, Reshape, Activation or Multiply for example, and save the model again with its weights";
    }
    if (TRAINING.contains(type)) {
      return "; it changes nothing but training: build the model without it in Keras, load_weights as before, and save that";
    }
    if (STRINGS.contains(type)) {
      return "; the outputs depend on it: compute it before the model, whose part behind it can be saved alone, "
          + "keras.Model(layer.output, model.output)";
    }
    return "; the outputs depend on it: put layers in its place that are, and save the model again";
  }

  /**
   * An input of strings.
   *
   * @param place where it says so
   */
  static UnsupportedException strings(String place) {
    return new UnsupportedException(place + ": an input of strings, which no array of numbers holds: make numbers of them before the "
        + "model, as its layer TextVectorization, StringLookup or Hashing does, and save what stands behind that layer alone, "
        + "keras.Model(layer.output, model.output)");
  }

  /**
   * A layer of a class of the author's own.
   *
   * @param place where it stands
   * @param name its own
   * @param registered the name under which Keras knows the class, with that of its package
   */
  static UnsupportedException custom(String place, String name, String registered) {
    return new UnsupportedException(place + ": layer " + name + " is of the class " + registered + ", which only its author's code "
        + "knows; the outputs may depend on it: put Keras' own layers in its place and save the model again with its weights");
  }
}
