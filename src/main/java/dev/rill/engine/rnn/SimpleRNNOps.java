package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.layers.SimpleRNN;

/** {@link SimpleRNN}: its cell at inference and in training. */
public final class SimpleRNNOps extends RecurrentOps {
  private final SimpleRNN layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public SimpleRNNOps(SimpleRNN layer) {
    super(layer);
    this.layer = layer;
  }

  @Override
  Cell cell(OpContext context) {
    return new SimpleRnnCell(context, layer);
  }

  @Override
  TrainingCell trainingCell(TrainingOpContext context) {
    return new SimpleRnnTraining(layer, context);
  }
}
