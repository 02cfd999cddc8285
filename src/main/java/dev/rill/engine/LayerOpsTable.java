package dev.rill.engine;

import dev.rill.engine.ops.ActivationOps;
import dev.rill.engine.ops.AlphaDropoutOps;
import dev.rill.engine.ops.BatchNormalizationOps;
import dev.rill.engine.ops.ConcatenateOps;
import dev.rill.engine.ops.Conv1DOps;
import dev.rill.engine.ops.DenseOps;
import dev.rill.engine.ops.DotOps;
import dev.rill.engine.ops.DropoutOps;
import dev.rill.engine.ops.ELUOps;
import dev.rill.engine.ops.EmbeddingOps;
import dev.rill.engine.ops.GaussianOps;
import dev.rill.engine.ops.GlobalPooling1DOps;
import dev.rill.engine.ops.LayerNormalizationOps;
import dev.rill.engine.ops.LayerOps;
import dev.rill.engine.ops.LeakyReLUOps;
import dev.rill.engine.ops.MaskingOps;
import dev.rill.engine.ops.MergeOps;
import dev.rill.engine.ops.NormalizationOps;
import dev.rill.engine.ops.PReLUOps;
import dev.rill.engine.ops.Pooling1DOps;
import dev.rill.engine.ops.ReLUOps;
import dev.rill.engine.ops.RearrangedOps;
import dev.rill.engine.ops.RepeatVectorOps;
import dev.rill.engine.ops.RescalingOps;
import dev.rill.engine.ops.ReverseTimeOps;
import dev.rill.engine.ops.StepSelectionOps;
import dev.rill.engine.rnn.GRUOps;
import dev.rill.engine.rnn.LSTMOps;
import dev.rill.engine.rnn.SimpleRNNOps;
import dev.rill.layers.Activation;
import dev.rill.layers.ActivationFunction;
import dev.rill.layers.AlphaDropout;
import dev.rill.layers.BatchNormalization;
import dev.rill.layers.Concatenate;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Dense;
import dev.rill.layers.Dot;
import dev.rill.layers.Dropout;
import dev.rill.layers.ELU;
import dev.rill.layers.Embedding;
import dev.rill.layers.Flatten;
import dev.rill.layers.GRU;
import dev.rill.layers.GaussianDropout;
import dev.rill.layers.GaussianNoise;
import dev.rill.layers.GlobalPooling1D;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.LayerNormalization;
import dev.rill.layers.LeakyReLU;
import dev.rill.layers.Masking;
import dev.rill.layers.Normalization;
import dev.rill.layers.Permute;
import dev.rill.layers.Pooling1D;
import dev.rill.layers.ReLU;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.Rescaling;
import dev.rill.layers.Reshape;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.SpatialDropout1D;
import dev.rill.layers.StepSelection;
import dev.rill.layers.TimeDistributed;

/** Which file runs which layer: one line a layer. */
final class LayerOpsTable {
  private LayerOpsTable() {}

  /** What runs of a layer. */
  static LayerOps of(Layer layer) {
    return switch (layer.className()) {
      case "Add" -> new MergeOps(MergeOps.Operation.ADD);
      case "AlphaDropout" -> new AlphaDropoutOps((AlphaDropout) layer);
      case "Activation" -> new ActivationOps(((Activation) layer).function());
      case "Average" -> new MergeOps(MergeOps.Operation.AVERAGE);
      case "AveragePooling1D" -> new Pooling1DOps((Pooling1D<?>) layer);
      case "BatchNormalization" -> new BatchNormalizationOps((BatchNormalization) layer);
      case "Concatenate" -> new ConcatenateOps((Concatenate) layer);
      case "Conv1D" -> new Conv1DOps((Conv1D) layer);
      case "Cropping1D" -> new StepSelectionOps((StepSelection) layer);
      case "Dense" -> new DenseOps((Dense) layer);
      case "Dot" -> new DotOps((Dot) layer);
      case "Dropout" -> new DropoutOps((Dropout) layer);
      case "ELU" -> new ELUOps((ELU) layer);
      case "Embedding" -> new EmbeddingOps((Embedding) layer);
      case "Flatten" -> new RearrangedOps((Flatten) layer);
      case "GaussianDropout" -> new GaussianOps((GaussianDropout) layer);
      case "GaussianNoise" -> new GaussianOps((GaussianNoise) layer);
      case "GlobalAveragePooling1D" -> new GlobalPooling1DOps((GlobalPooling1D<?>) layer);
      case "GlobalMaxPooling1D" -> new GlobalPooling1DOps((GlobalPooling1D<?>) layer);
      case "GRU" -> new GRUOps((GRU) layer);
      case "LayerNormalization" -> new LayerNormalizationOps((LayerNormalization) layer);
      case "LeakyReLU" -> new LeakyReLUOps((LeakyReLU) layer);
      case "LSTM" -> new LSTMOps((LSTM) layer);
      case "Masking" -> new MaskingOps((Masking) layer);
      case "Maximum" -> new MergeOps(MergeOps.Operation.MAXIMUM);
      case "MaxPooling1D" -> new Pooling1DOps((Pooling1D<?>) layer);
      case "Minimum" -> new MergeOps(MergeOps.Operation.MINIMUM);
      case "Multiply" -> new MergeOps(MergeOps.Operation.MULTIPLY);
      case "Normalization" -> new NormalizationOps((Normalization) layer);
      case "PReLU" -> new PReLUOps();
      case "Permute" -> new RearrangedOps((Permute) layer);
      case "ReLU" -> new ReLUOps((ReLU) layer);
      case "RepeatVector" -> new RepeatVectorOps((RepeatVector) layer);
      case "Rescaling" -> new RescalingOps((Rescaling) layer);
      case "Reshape" -> new RearrangedOps((Reshape) layer);
      case "ReverseTime" -> new ReverseTimeOps();
      case "SimpleRNN" -> new SimpleRNNOps((SimpleRNN) layer);
      case "Softmax" -> new ActivationOps(ActivationFunction.SOFTMAX);
      case "SpatialDropout1D" -> new DropoutOps(((SpatialDropout1D) layer).dropout());
      case "Subtract" -> new MergeOps(MergeOps.Operation.SUBTRACT);
      case "TimeDistributed" -> new TimeDistributedOps((TimeDistributed) layer);
      case "UpSampling1D" -> new StepSelectionOps((StepSelection) layer);
      case "ZeroPadding1D" -> new StepSelectionOps((StepSelection) layer);
      default -> throw new IllegalStateException("nothing runs layer " + layer.label());
    };
  }
}
