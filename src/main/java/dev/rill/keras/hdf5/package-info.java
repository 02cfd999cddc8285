/**
 * HDF5, as far as Keras and h5py write it: a reader and a writer of groups, attributes and data sets of numbers. Hidden: what
 * users see of a file is {@code dev.rill.keras}.
 */
package dev.rill.keras.hdf5;
