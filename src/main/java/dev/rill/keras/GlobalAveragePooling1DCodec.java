package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.layers.GlobalAveragePooling1D;

/** The file form of {@link GlobalAveragePooling1D}. */
final class GlobalAveragePooling1DCodec implements GlobalPooling1DCodec<GlobalAveragePooling1D> {
  @Override
  public GlobalAveragePooling1D read(LayerConfig config) {
    return options(new GlobalAveragePooling1D(), config);
  }

  @Override
  public JsonObject keywords(JsonValue mask, JsonArray initialState) {
    return JsonObject.EMPTY.with("mask", mask);
  }
}
