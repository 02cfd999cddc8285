package dev.rill.keras;

import dev.rill.io.Json;
import dev.rill.layers.Graph;

/** Reads a configuration by itself, without the file around it. */
public final class Configurations {
  private Configurations() {}

  /**
   * As far as the weights' places.
   *
   * @param config text of {@code config.json}
   * @return the structure
   */
  public static Graph read(byte[] config) {
    Graph graph = ModelReader.read(Json.parseObject(config, "config.json"), "3.15.1");
    if (KerasFile.layout(graph, "fuzz").size() < 0) {
      throw new AssertionError("a negative number of weights");
    }
    return graph;
  }
}
