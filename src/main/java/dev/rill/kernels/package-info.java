/**
 * The arithmetic: the only package that sees {@code jdk.incubator.vector}.
 *
 * <p>Everything here works on float arrays, offsets and strides and knows no layer, tensor or file.
 * {@link dev.rill.kernels.Kernels} is the seam; {@link dev.rill.kernels.ScalarKernels} is the
 * specification of every bit and {@link dev.rill.kernels.VectorKernels} repeats its operations, a lane for
 * an output unit. Letters: {@code I} inputs, {@code H} units, {@code L} lanes of a vector, {@code P} panels
 * (blocks of units), {@code z} pre-activations.
 */
package dev.rill.kernels;
