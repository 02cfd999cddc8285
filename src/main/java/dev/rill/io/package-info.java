/**
 * Formats that belong to nobody in particular: zip members, JSON, npy and npz arrays.
 *
 * <p>Users read {@link dev.rill.io.Npy} and {@link dev.rill.io.Npz}: arrays of numpy in and out.
 *
 * <pre>{@code
 * Tensor x = Npy.read(Path.of("x.npy")).tensor();
 * Npy.write(Path.of("y.npy"), NpyArray.of(model.predict(x)));
 * }</pre>
 */
package dev.rill.io;
