package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are built from parts of others, with their weights. */
class ModelPartsTest {
  /** An encoder whose states begin a decoder, as it is trained. Half of the layers have no names of their own. */
  private static Model translator() {
    Symbol question = Input.named("question", Shape.UNKNOWN, 2);
    Symbol answer = Input.named("answer", Shape.UNKNOWN, 3);
    List<Symbol> encoded = new LSTM(4).returnState(true).call(new Masking(9).apply(question));
    List<Symbol> decoded = new LSTM(4).returnSequences(true).returnState(true).call(answer, encoded.get(1), encoded.get(2));
    Model model = Model.of(List.of(question, answer), List.of(new Dense(3).activation("softmax").named("word").apply(decoded.get(0))));
    model.initialize(7);
    return model;
  }

  @Test
  void aLoadedTranslatorIsSplitIntoEncoderAndDecoder(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("translator.keras");
    translator().save(file);
    Model trained = Model.load(file);
    assertEquals("lstm_1", trained.layers().get(4).name());

    Model encoder = Model.of(List.of(trained.layer("question").output()), trained.layer("lstm").outputs().subList(1, 3));
    encoder.copyWeights(trained);
    Symbol answer = trained.layer("answer").output();
    Symbol h = Input.shape(4);
    Symbol c = Input.shape(4);
    List<Symbol> decoded = trained.layer("lstm_1").layer().call(answer, h, c);
    Symbol word = trained.layer("word").layer().apply(decoded.get(0));
    Model decoder = Model.of(List.of(answer, h, c), List.of(word, decoded.get(1), decoded.get(2)));
    decoder.copyWeights(trained);

    Tensor x = Samples.tensor(1, 2, 5, 2);
    x.set(1, 4, 0, 9);
    x.set(1, 4, 1, 9);
    Tensor y = Samples.tensor(2, 2, 3, 3);
    float[] whole = trained.predictOnBatch(List.of(x, y)).get(0).toArray();
    List<Tensor> states = encoder.predictOnBatch(List.of(x));
    for (int t = 0; t < 3; t++) {
      Tensor one = Tensor.zeros(2, 1, 3);
      for (int i = 0; i < 6; i++) {
        one.set(i / 3, 0, i % 3, y.get(i / 3, t, i % 3));
      }
      List<Tensor> out = decoder.predictOnBatch(List.of(one, states.get(0), states.get(1)));
      for (int i = 0; i < 6; i++) {
        assertEquals(whole[(i / 3 * 3 + t) * 3 + i % 3], out.get(0).get(i / 3, 0, i % 3));
      }
      states = out.subList(1, 3);
    }
  }

  @Test
  void layersKeepTheirNamesInAPart() {
    Model whole = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(5, 2).maskZero(true), new LSTM(3).returnSequences(true),
        new LSTM(3), new Dense(2));
    whole.initialize(3);
    Model part = Model.of(whole.layer("input_layer").output(), whole.layer("lstm_1").output());
    assertEquals(List.of("input_layer", "embedding", "lstm", "lstm_1"), part.layers().stream().map(ModelLayer::name).toList());
    part.copyWeights(whole);
    Symbol top = new Dense(2).named("top").apply(whole.layer("lstm_1").output());
    Model other = Model.of(whole.layer("input_layer").output(), top);
    other.copyWeights(whole, "embedding", "lstm", "lstm_1");
    Tensor ids = Tensor.of(new int[] {1, 2, 0, 3, 0, 0}, 2, 3);
    float[] expected = part.predictOnBatch(ids).toArray();
    List<Tensor> head = other.layer("top").weights();
    other.copyWeights(whole, "lstm");
    assertArrayEquals(head.get(0).toArray(), other.layer("top").weights().get(0).toArray());
    assertArrayEquals(whole.predictOnBatch(ids).toArray(), dense(expected, whole.layer("dense")));
    // The copy is one: training the part leaves the whole as it is.
    part.initialize(8);
    assertArrayEquals(whole.predictOnBatch(ids).toArray(), dense(expected, whole.layer("dense")));
  }

  private static float[] dense(float[] x, ModelLayer layer) {
    Model model = Sequential.of(Input.shape(3), new Dense(2).named("dense"));
    model.layer("dense").weights(layer.weights());
    return model.predictOnBatch(Tensor.of(x, 2, 3)).toArray();
  }

  @Test
  void weightsThatDoNotFitAreRefusedBeforeAnythingChanges() {
    Model from = Sequential.of(Input.shape(4, 2), new LSTM(3).named("a"), new Dense(2).named("b"));
    Model to = Sequential.of(Input.shape(4, 2), new LSTM(3).named("a"), new Dense(1).named("b"));
    Model more = Sequential.of(Input.shape(4, 2), new LSTM(3).named("a"), new Dense(2).named("c"));
    float[] before = to.weights().values().clone();
    ShapeException shape = assertThrows(ShapeException.class, () -> to.copyWeights(from));
    assertTrue(shape.getMessage().contains("layer b, variable 0: expected kernel(3, 1), got kernel(3, 2)"), shape.getMessage());
    assertTrue(assertThrows(RillException.class, () -> more.copyWeights(from)).getMessage().contains("there is no layer c"));
    assertThrows(RillException.class, () -> to.copyWeights(from, "d"));
    assertArrayEquals(before, to.weights().values());
    to.copyWeights(from, "a");
    assertArrayEquals(from.layer("a").weights().get(0).toArray(), to.layer("a").weights().get(0).toArray());
  }

  @Test
  void aLayerThatIsAppliedTwiceHasNoOutputOfItsOwn() {
    Symbol in = Input.shape(3);
    Layer dense = new Dense(3).named("twice");
    Model model = Model.of(in, dense.apply(dense.apply(in)));
    assertTrue(assertThrows(RillException.class, () -> model.layer("twice").output()).getMessage().contains("more than once"));
  }
}
