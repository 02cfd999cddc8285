package dev.rill.keras;

import dev.rill.layers.GlobalMaxPooling1D;

/** The file form of {@link GlobalMaxPooling1D}. */
final class GlobalMaxPooling1DCodec implements GlobalPooling1DCodec<GlobalMaxPooling1D> {
  @Override
  public GlobalMaxPooling1D read(LayerConfig config) {
    return options(new GlobalMaxPooling1D(), config);
  }
}
