package dev.rill.engine;

import dev.rill.engine.ops.ActivationOps;
import dev.rill.engine.ops.ConcatenateOps;
import dev.rill.engine.ops.DenseOps;
import dev.rill.engine.ops.DropoutOps;
import dev.rill.engine.ops.EmbeddingOps;
import dev.rill.engine.ops.LayerOps;
import dev.rill.engine.ops.MaskingOps;
import dev.rill.engine.ops.RepeatVectorOps;
import dev.rill.engine.rnn.GRUOps;
import dev.rill.engine.rnn.LSTMOps;
import dev.rill.engine.rnn.SimpleRNNOps;
import dev.rill.layers.Activation;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.Embedding;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.TimeDistributed;

/** Which file runs which layer: one line a layer. */
final class LayerOpsTable {
  private LayerOpsTable() {}

  /** What runs of a layer. */
  static LayerOps of(Layer layer) {
    return switch (layer.className()) {
      case "Activation" -> new ActivationOps((Activation) layer);
      case "Concatenate" -> new ConcatenateOps((Concatenate) layer);
      case "Dense" -> new DenseOps((Dense) layer);
      case "Dropout" -> new DropoutOps((Dropout) layer);
      case "Embedding" -> new EmbeddingOps((Embedding) layer);
      case "GRU" -> new GRUOps((GRU) layer);
      case "LSTM" -> new LSTMOps((LSTM) layer);
      case "Masking" -> new MaskingOps((Masking) layer);
      case "RepeatVector" -> new RepeatVectorOps((RepeatVector) layer);
      case "SimpleRNN" -> new SimpleRNNOps((SimpleRNN) layer);
      case "TimeDistributed" -> of(((TimeDistributed) layer).layer());
      default -> throw new IllegalStateException("nothing runs layer " + layer.label());
    };
  }
}
