/**
 * What a model is made of, and what runs: immutable descriptions of layers, the graph that connects them, and the
 * programs that a graph and its weights become.
 *
 * <p>A {@link dev.rill.layers.Layer} says how it is configured; {@link dev.rill.layers.Graph} who feeds whom; a
 * {@link dev.rill.engine.Plan} is both, packed for the kernels. Names and defaults are those of Keras 3, in camel case.
 */
package dev.rill.layers;

