/**
 * Formats that belong to nobody in particular: zip members, JSON, npy and npz arrays.
 *
 * <p>Users read {@link dev.rill.io.Npy} and {@link dev.rill.io.Npz}: arrays of numpy in and out.
 *
 * <pre>{@code
 * NpyArray array = Npy.read(Path.of("x.npy"));
 * Tensor x = Tensor.of(array.floats(), array.shape());
 * }</pre>
 */
package dev.rill.io;
