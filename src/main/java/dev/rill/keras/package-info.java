/**
 * Keras files to and from descriptions and weights: the archive, the configuration, one codec a layer.
 *
 * <p>Users need {@link dev.rill.Model#load} and {@link dev.rill.Network#load} only. To see how a file is read, begin with {@link
 * dev.rill.keras.KerasFile}.
 */
package dev.rill.keras;
