/** The data: tensors, shapes, weights, states, and the exceptions that speak of them. */
package dev.rill.tensor;
