/** Keras files to and from descriptions and weights: the archive, the HDF5 subset, the configuration. */
package dev.rill.keras;
