package dev.rill.keras;

import dev.rill.layers.Layer;
import dev.rill.tensor.UnsupportedException;

/**
 * How often the layers of a model are applied beside the first time of each, those within other layers included: models in models,
 * each applied twice by the one around it, would make a small file as large as one likes.
 */
final class Repetitions {
  /** More than any model has: one with a layer that is unrolled by hand, say. */
  private static final int MAX_REPEATED = 4_096;

  private long repeated;

  /**
   * Counts the applications of a layer, before they are made.
   *
   * @param calls how many
   * @param place of the list of them in the file, for messages
   */
  void add(Layer layer, int calls, String place) {
    repeated += Math.max(0, calls * layer.applications() - layers(layer));
    if (repeated > MAX_REPEATED) {
      throw new UnsupportedException(place + ": with layer " + layer.name() + " there are " + repeated
          + " applications of layers beside the first of each; at most " + MAX_REPEATED + " are supported");
    }
  }

  /** How many it is made of, or itself. */
  private static long layers(Layer layer) {
    long layers = 0;
    for (Layer part : layer.wrapped()) {
      layers += layers(part);
    }
    return Math.max(1, layers);
  }
}
