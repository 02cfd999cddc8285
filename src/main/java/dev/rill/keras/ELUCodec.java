package dev.rill.keras;

import dev.rill.io.JsonObject;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.ELU;
import dev.rill.tensor.Shape;
import java.util.List;

/** The file form of {@link ELU}. */
final class ELUCodec implements LayerCodec<ELU> {
  @Override
  public ELU read(LayerConfig config) {
    return new ELU(config.scalar("alpha", 1));
  }

  @Override
  public JsonObject write(ELU layer, List<Shape> inputs) {
    return JsonObject.EMPTY.with("name", layer.name()).with("alpha", layer.alpha()).with("trainable", true)
        .with("dtype", LayerWriter.FLOAT32);
  }

  @Override
  public boolean keepsBuild() {
    return false;
  }

  @Override
  public ActivationFunction function(ELU layer) {
    return layer.alpha() == 1 ? ActivationFunction.ELU : null;
  }
}
