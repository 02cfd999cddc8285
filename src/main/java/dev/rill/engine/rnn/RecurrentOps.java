package dev.rill.engine.rnn;

import dev.rill.engine.ops.InferenceOp;
import dev.rill.engine.ops.LayerOps;
import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.TrainingOp;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.layers.Recurrent;

/** A recurrent layer: its cell, carried over time. */
abstract class RecurrentOps extends LayerOps {
  private final Recurrent<?> layer;

  RecurrentOps(Recurrent<?> layer) {
    this.layer = layer;
  }

  /** The cell, packed from weights in their place. */
  abstract Cell cell(OpContext context);

  /** The cell for training. */
  abstract TrainingCell trainingCell(TrainingOpContext context);

  @Override
  public final InferenceOp inference(OpContext context) {
    return new RecurrentInference(context, cell(context), layer);
  }

  @Override
  public final TrainingOp training(TrainingOpContext context) {
    return new RecurrentTraining(context, layer, trainingCell(context));
  }
}
