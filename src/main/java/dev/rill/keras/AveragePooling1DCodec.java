package dev.rill.keras;

import dev.rill.layers.AveragePooling1D;

/** The file form of {@link AveragePooling1D}. */
final class AveragePooling1DCodec implements Pooling1DCodec<AveragePooling1D> {
  @Override
  public AveragePooling1D read(LayerConfig config) {
    return window(new AveragePooling1D(config.only("pool_size", 2)), config);
  }
}
