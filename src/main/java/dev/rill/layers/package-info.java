/**
 * Descriptions of layers, and the graph that connects them. Names and defaults are those of Keras 3, in camel case.
 *
 * <p>Read the layer that you use, such as {@link dev.rill.layers.LSTM}; each setter gives another layer, nothing changes. {@link
 * dev.rill.layers.Layer} is what all have in common, {@link dev.rill.layers.Symbol} what goes from layer to layer, {@link
 * dev.rill.layers.Graph} who feeds whom.
 *
 * <pre>{@code
 * Layer layer = new LSTM(32).stateful(true).returnSequences(true);
 * }</pre>
 *
 * <p>In equations {@code @} is the product of matrices, a dot that of elements, h and c are states, and a prime marks what a time
 * step makes of the same letter. The backward equations are on the page of {@code dev.rill.kernels}, which is in the sources alone; what
 * runs them is in {@code dev.rill.engine.rnn}, {@code LstmCell} forward and {@code LstmTraining} backward for example.
 */
package dev.rill.layers;
