package dev.rill.keras;

import dev.rill.layers.MaxPooling1D;

/** The file form of {@link MaxPooling1D}. */
final class MaxPooling1DCodec implements Pooling1DCodec<MaxPooling1D> {
  @Override
  public MaxPooling1D read(LayerConfig config) {
    return window(new MaxPooling1D(config.only("pool_size", 2)), config);
  }
}
