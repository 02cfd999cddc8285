/**
 * Stateful recurrent networks: LSTM, GRU and SimpleRNN with Keras' numbers and explicit state.
 *
 * <p>On the module path the Vector API is resolved and SIMD runs without a flag. On the class path
 * without {@code --add-modules jdk.incubator.vector} the scalar kernels give the same bits.
 */
module dev.rill {
  requires jdk.incubator.vector;
  // Counts allocated bytes for the command line; nothing else needs it.
  requires static jdk.management;
  // Events, for those who record them; nothing else needs it.
  requires static jdk.jfr;

  exports dev.rill;
  exports dev.rill.charts;
  exports dev.rill.io;
  exports dev.rill.keras;
  exports dev.rill.layers;
  exports dev.rill.serving;
  exports dev.rill.tensor;
  exports dev.rill.training;
  exports dev.rill.variables;
}
