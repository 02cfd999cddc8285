/** Formats that belong to nobody in particular: zip members, JSON, npy and npz arrays. */
package dev.rill.io;
