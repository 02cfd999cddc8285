/**
 * Recurrent layers: their cells, forward beside backward, and how a cell is carried over time, with masks and dropout. Exported
 * nowhere. Symbols and equations are those of {@link dev.rill.kernels}.
 */
package dev.rill.engine.rnn;
