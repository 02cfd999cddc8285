package dev.rill.engine.rnn;

import dev.rill.engine.ops.OpContext;
import dev.rill.engine.ops.TrainingOpContext;
import dev.rill.layers.LSTM;

/** {@link LSTM}: its cell at inference and in training. */
public final class LSTMOps extends RecurrentOps {
  private final LSTM layer;

  /**
   * What runs of a layer.
   *
   * @param layer its description
   */
  public LSTMOps(LSTM layer) {
    super(layer);
    this.layer = layer;
  }

  @Override
  Cell cell(OpContext context) {
    return LstmCell.of(context, layer);
  }

  @Override
  TrainingCell trainingCell(TrainingOpContext context) {
    return new LstmTraining(layer, context);
  }
}
