package dev.rill.cli;

/**
 * How far a replay may be from the record.
 *
 * @param atol absolute, or NaN for the format's own
 * @param rtol relative to what is expected, or NaN for the format's own
 */
record Tolerance(double atol, double rtol) {
  private static final Tolerance INFERENCE = new Tolerance(2e-6, 1e-5);
  private static final Tolerance TRAINING = new Tolerance(1e-5, 1e-4);

  /** What holds before, or from, the first call that trains. */
  Tolerance resolve(boolean trained) {
    Tolerance standard = trained ? TRAINING : INFERENCE;
    return new Tolerance(atol != atol ? standard.atol : atol, rtol != rtol ? standard.rtol : rtol);
  }
}
