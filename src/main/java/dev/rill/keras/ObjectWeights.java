package dev.rill.keras;

import dev.rill.keras.hdf5.Hdf5Dataset;
import dev.rill.keras.hdf5.Hdf5Group;
import dev.rill.layers.Graph;
import dev.rill.variables.Weights;
import java.io.IOException;
import java.util.Map;

/** Keras 3's layout, in which {@link ObjectGroups} says where a variable lies. */
final class ObjectWeights extends WeightSource {
  private final Hdf5Group root;
  private final Map<String, ObjectGroups> groups;

  ObjectWeights(Hdf5Group root, Graph graph) {
    this.root = root;
    groups = ObjectGroups.of(graph);
  }

  @Override
  Hdf5Dataset dataset(Weights.Slice slice, int index) throws IOException {
    return root.dataset(groups.get(slice.layer()).variables().get(index));
  }
}
