package dev.rill.kernels;

/**
 * Steps of a row of one or two panels, each of them one kernel from sums to gates, see {@link PackedWeights#fewPanels}.
 *
 * <p>A class beside {@link Kernels} and no methods of it: this has one implementation at the most, so the compiler makes a call a
 * direct one, where that of kernels, of which there are several, takes a twentieth of the smallest steps. Both are far too large for the
 * compiler to take them into their callers.
 */
abstract class FusedSteps {
  /** See {@link Kernels#lstmStep}. */
  abstract void lstm(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out);

  /** See {@link Kernels#gruStep}. */
  abstract void gru(PackedWeights w, Rows x, Rows h, Rows z, Rows out);
}
