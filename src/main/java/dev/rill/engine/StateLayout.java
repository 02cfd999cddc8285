package dev.rill.engine;

import dev.rill.kernels.Planes;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the layers of a graph keep from step to step, and where: a matter of its structure alone. */
public final class StateLayout {
  private static final int NONE = -1;

  private final List<State.Plane> planes;
  private final int[] first;
  private final int[] lastOutput;

  /**
   * Looks at all layers.
   *
   * @param graph with nothing but layers that run themselves
   */
  public StateLayout(Graph graph) {
    List<State.Plane> all = new ArrayList<>();
    Map<String, Integer> ofLayer = new HashMap<>();
    first = new int[graph.nodes().size()];
    lastOutput = new int[graph.nodes().size()];
    Arrays.fill(first, NONE);
    Arrays.fill(lastOutput, NONE);
    for (int n = 0; n < first.length; n++) {
      Graph.Node node = graph.nodes().get(n);
      if (node.inputs().isEmpty()) {
        continue;
      }
      Layer layer = node.layer();
      List<State.Plane> kept = layer.state(graph.shapes(node.inputs()));
      // A layer applied twice carries one state only if it is stateful; else each application has its own.
      if (!kept.isEmpty() && (!ofLayer.containsKey(layer.name()) || !layer.stateful())) {
        ofLayer.put(layer.name(), all.size());
        all.addAll(kept);
      }
      first[n] = ofLayer.getOrDefault(layer.name(), NONE);
      if (layer.takesMask() && layer.lastOutput() != null && node.appliedMask() != null && !node.appliedMask().every()) {
        lastOutput[n] = all.size();
        all.add(layer.lastOutput());
      }
    }
    planes = List.copyOf(all);
  }

  /**
   * What is kept.
   *
   * @return planes in running order
   */
  public List<State.Plane> planes() {
    return planes;
  }

  /**
   * Memory of a state.
   *
   * @param rows number of streams
   * @return bytes, padding included
   */
  public long bytes(int rows) {
    return Planes.bytes(StateBuffer.units(planes), rows);
  }

  /**
   * A state of zeros.
   *
   * @param rows number of streams
   * @return a new buffer
   * @throws dev.rill.tensor.RillException if it does not fit into arrays and the heap
   */
  public StateBuffer state(int rows) {
    return new StateBuffer(planes, rows);
  }

  /** Index of the first plane of a node's layer, or −1. */
  int first(int node) {
    return first[node];
  }

  /** Index of the plane that holds what a node's layer, which is masked, gave last; or −1. */
  int lastOutput(int node) {
    return lastOutput[node];
  }
}
