package dev.rill.layers;

import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How Keras names layers, and the groups of their weights in files. */
public final class LayerNames {
  private LayerNames() {}

  /** Gives nameless layers Keras' names: the class in snake case, counted. */
  static Map<Layer, Layer> give(List<Layer> layers) {
    Set<String> taken = new HashSet<>();
    for (Layer layer : layers) {
      if (layer.name() != null && !taken.add(layer.name())) {
        throw new RillException("two layers are called " + layer.name() + ": give one of them another name");
      }
    }
    Map<Layer, Layer> named = new IdentityHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (Layer layer : layers) {
      Layer own = layer;
      String type = snakeCase(layer.className());
      while (own.name() == null) {
        int count = counts.getOrDefault(type, 0);
        counts.put(type, count + 1);
        String candidate = type + (count == 0 ? "" : "_" + count);
        if (taken.add(candidate)) {
          own = layer.named(candidate);
        }
      }
      named.put(layer, own);
    }
    return named;
  }

  /**
   * Keras' snake case of a class name, which names layers and the groups of weight files.
   *
   * @param className such as {@code SimpleRNN} or {@code SpatialDropout1D}
   * @return such as {@code simple_rnn} and {@code spatial_dropout1d}
   */
  public static String snakeCase(String className) {
    Require.given(className, "the name of a class");
    StringBuilder snake = new StringBuilder();
    for (int i = 0; i < className.length(); i++) {
      char c = className.charAt(i);
      boolean afterLower = i > 0 && Character.isLowerCase(className.charAt(i - 1));
      boolean beforeLower = i > 0 && i + 1 < className.length() && Character.isLowerCase(className.charAt(i + 1));
      if (Character.isUpperCase(c) && (afterLower || beforeLower)) {
        snake.append('_');
      }
      snake.append(Character.toLowerCase(c));
    }
    return snake.toString();
  }
}
