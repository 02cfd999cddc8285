package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.layers.GRU;

/** {@link GRU}: its cell at inference and in training. */
public final class GRUOps extends RecurrentOps {
  private final GRU layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public GRUOps(GRU layer) {
    super(layer);
    this.layer = layer;
  }

  @Override
  Cell cell(OpContext context) {
    return layer.resetAfter() ? GruCell.of(context, layer) : new GruResetBeforeCell(context, layer);
  }

  @Override
  TrainingCell trainingCell(TrainingOpContext context) {
    return new GruTraining(layer, context);
  }
}
