package dev.rill.serving;

/**
 * The answer to a request.
 *
 * @param y output, [out]
 * @param weights fingerprint of the weights that gave it, see {@link dev.rill.Network#weightsFingerprint()}
 */
public record Reply(float[] y, int weights) {}
