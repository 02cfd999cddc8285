/**
 * Models and streams: what users import first.
 *
 * <p>{@link dev.rill.Network} and {@link dev.rill.Session} serve: shared immutable weights, and state that the caller
 * holds. {@link dev.rill.Model} and {@link dev.rill.Sequential} are the Keras face: built, loaded and called as in Keras.
 */
package dev.rill;
