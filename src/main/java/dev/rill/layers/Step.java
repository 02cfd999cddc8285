package dev.rill.layers;

import java.util.List;

/** What Keras' functional models are made of: an application of a layer, or an operation. */
interface Step {
  /** What it reads, in the order in which Keras looks at it. */
  List<Step> parents();

  /** What Keras sorts and names: the layer, which may have several applications, or the operation itself. */
  Object owner();
}
