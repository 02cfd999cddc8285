package dev.rill.kernels;

/**
 * Steps of a row of one or two panels, each of them one kernel from sums to gates, see {@link PackedWeights#fewPanels}.
 *
 * <p>They are no methods of {@link Kernels}, as there are several of these: a virtual call of so many arguments takes a twentieth of
 * the smallest steps. This class has one implementation at the most, so the compiler makes the call a direct one.
 */
abstract class FusedSteps {
  /** See {@link Kernels#lstmStep}. */
  abstract void lstm(PackedWeights w, Rows x, Rows h, Rows c, Rows z, Rows out);

  /** See {@link Kernels#gruStep}. */
  abstract void gru(PackedWeights w, Rows x, Rows h, Rows z, Rows out);
}
