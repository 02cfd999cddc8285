/**
 * The data: tensors, shapes, states, and the exceptions that speak of them.
 *
 * <p>Read {@link dev.rill.tensor.Tensor} first: numbers with a {@link dev.rill.tensor.Shape}, axes in Keras' order (batch, time,
 * features). {@link dev.rill.tensor.State} is what streams remember, as a value. Every error is a {@link
 * dev.rill.tensor.RillException}.
 */
package dev.rill.tensor;
