package dev.rill.keras;

import dev.rill.layers.Layer;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.List;

/** Which class of layers has which {@link LayerCodec}: one line a class, by its name in Keras. */
final class LayerCodecs {
  private final String wanted;
  private final List<String> passed = new ArrayList<>();

  private LayerCodecs(String className) {
    wanted = className;
  }

  /** A chain rather than a table: codecs that a model does not need are not loaded. */
  private LayerCodec<?> codec() {
    return is("InputLayer") ? new InputLayerCodec()
        : is("LSTM") || is("CuDNNLSTM") || is("UnifiedLSTM") ? new LSTMCodec()
        : is("GRU") || is("CuDNNGRU") || is("UnifiedGRU") ? new GRUCodec()
        : is("SimpleRNN") ? new SimpleRNNCodec()
        : is("Dense") || is("TimeDistributedDense") ? new DenseCodec()
        : is("TimeDistributed") ? new TimeDistributedCodec()
        : is("Activation") ? new ActivationCodec()
        : is("Identity") || is("ActivityRegularization") ? new PassingCodec()
        : is("Dropout") ? new DropoutCodec()
        : is("Embedding") ? new EmbeddingCodec()
        : is("Masking") ? new MaskingCodec()
        : is("Concatenate") ? new ConcatenateCodec()
        : is("RepeatVector") ? new RepeatVectorCodec()
        : is("RNN") ? new RNNCodec()
        : is("Bidirectional") ? new BidirectionalCodec()
        : is("BatchNormalization") || is("BatchNormalizationV1") || is("BatchNormalizationV2") ? new BatchNormalizationCodec()
        : is("LayerNormalization") ? new LayerNormalizationCodec()
        : is("Normalization") ? new NormalizationCodec()
        : is("Flatten") ? new FlattenCodec()
        : is("Reshape") ? new ReshapeCodec()
        : is("Permute") ? new PermuteCodec()
        : is("Add") ? new AddCodec()
        : is("Subtract") ? new SubtractCodec()
        : is("Multiply") ? new MultiplyCodec()
        : is("Average") ? new AverageCodec()
        : is("Maximum") ? new MaximumCodec()
        : is("Minimum") ? new MinimumCodec()
        : is("Dot") ? new DotCodec()
        : is("Merge") ? new OldMergeCodec()
        : is("ReLU") || is("ThresholdedReLU") ? new ReLUCodec()
        : is("LeakyReLU") ? new LeakyReLUCodec()
        : is("ELU") ? new ELUCodec()
        : is("PReLU") ? new PReLUCodec()
        : is("Softmax") ? new SoftmaxCodec()
        : is("Rescaling") ? new RescalingCodec()
        : is("GaussianNoise") ? new GaussianNoiseCodec()
        : is("AlphaDropout") ? new AlphaDropoutCodec()
        : is("GaussianDropout") ? new GaussianDropoutCodec()
        : is("SpatialDropout1D") ? new SpatialDropout1DCodec()
        : is("Conv1D") || is("Convolution1D") || is("AtrousConvolution1D") ? new Conv1DCodec()
        : is("MaxPooling1D") ? new MaxPooling1DCodec()
        : is("AveragePooling1D") ? new AveragePooling1DCodec()
        : is("GlobalMaxPooling1D") ? new GlobalMaxPooling1DCodec()
        : is("GlobalAveragePooling1D") ? new GlobalAveragePooling1DCodec()
        : is("ZeroPadding1D") ? new ZeroPadding1DCodec()
        : is("Cropping1D") ? new Cropping1DCodec()
        : is("UpSampling1D") ? new UpSampling1DCodec()
        : is("Sequential") || is("Functional") || is("Model") ? new NestedModelCodec()
        : null;
  }

  private boolean is(String className) {
    passed.add(className);
    return className.equals(wanted);
  }

  /** Whether a class of layers is one with a cell and a state. */
  static boolean isRecurrent(String className) {
    return className.equals("LSTM") || className.equals("GRU") || className.equals("SimpleRNN");
  }

  /** Whether a class of layers is one of whole models. */
  static boolean isModel(String className) {
    return className.equals("Sequential") || className.equals("Functional");
  }

  /** The codec of a class of layers; null if there is none. */
  static LayerCodec<?> find(String className) {
    return new LayerCodecs(className).codec();
  }

  /** The codec of a layer that is to be written. */
  // A codec stands under the name of the class that it is for.
  @SuppressWarnings("unchecked")
  static <L extends Layer> LayerCodec<L> of(L layer) {
    LayerCodec<?> codec = find(layer.className());
    if (codec == null) {
      throw new UnsupportedException("layer " + layer.name() + " of class " + layer.className()
          + " cannot be written to a Keras file yet");
    }
    return (LayerCodec<L>) codec;
  }

  /** The names of all classes that have a codec. */
  static List<String> names() {
    LayerCodecs all = new LayerCodecs(null);
    all.codec();
    return all.passed;
  }
}
