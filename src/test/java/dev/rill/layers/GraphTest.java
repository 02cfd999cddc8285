package dev.rill.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.UnsupportedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Who feeds whom: names, the order of layers, and what is refused. The orders were printed by Keras 3.15.1. */
class GraphTest {
  private static List<String> names(Graph graph) {
    return graph.layers().stream().map(Layer::name).toList();
  }

  @Test
  void namelessLayersGetKerasNames() {
    Symbol input = Input.shape(3, 2);
    Graph graph = Graph.sequential("m", input,
        List.of(new LSTM(2).returnSequences(true), new SimpleRNN(2).returnSequences(true),
        new TimeDistributed(new Dense(2)), new LSTM(2), new Dense(1), new Dense(1)));
    assertEquals(List.of("input_layer", "lstm", "simple_rnn", "time_distributed", "lstm_1", "dense", "dense_1"),
        names(graph));
  }

  @Test
  void encoderAndDecoderStandByDepth() {
    Symbol a = Input.named("input_layer", 4, 3);
    Symbol b = Input.named("input_layer_1", 6, 2);
    List<Symbol> encoder = new LSTM(5).named("lstm").returnState(true).call(b);
    Symbol decoder = new LSTM(5).named("lstm_1").returnSequences(true).call(a, encoder.get(1), encoder.get(2)).get(0);
    Graph graph = Graph.functional("m", List.of(a, b),
        List.of(new Dense(2).named("dense").apply(decoder), new Dense(3).named("dense_1").apply(encoder.get(0))));
    assertEquals(List.of("input_layer_1", "input_layer", "lstm", "lstm_1", "dense", "dense_1"), names(graph));
  }

  @Test
  void branchesStandByDepth() {
    Symbol a = Input.named("input_layer", 4, 3);
    Symbol s = new SimpleRNN(4).named("simple_rnn").returnSequences(true).apply(a);
    Symbol d1 = new Dense(1).named("dense").apply(new GRU(3).named("gru").apply(s));
    Symbol g2 = new GRU(3).named("gru_1").returnSequences(true).apply(s);
    Symbol d2 = new Dense(1).named("dense_1").apply(new GRU(2).named("gru_2").apply(g2));
    Symbol shallow = new Dense(7).named("dense_2").apply(a);
    Graph graph = Graph.functional("m", List.of(a), List.of(d2, shallow, d1));
    assertEquals(List.of("input_layer", "simple_rnn", "gru_1", "gru_2", "gru", "dense_1", "dense_2", "dense"),
        names(graph));
  }

  @Test
  void sharedLayersStandOnce() {
    Symbol a = Input.shape(4, 3);
    Layer shared = new TimeDistributed(new Dense(3));
    Symbol u = new Activation("relu").apply(shared.apply(a));
    Graph graph = Graph.functional("m", List.of(a),
        List.of(new SimpleRNN(2).apply(shared.apply(u)), new Dropout(0.1).apply(u)));
    assertEquals(List.of("input_layer", "time_distributed", "activation", "simple_rnn", "dropout"), names(graph));
    assertEquals(2, graph.variables().get("time_distributed/dense").size());
  }

  @Test
  void outputsOfADictStandByTheirNames() {
    Symbol a = Input.shape(4, 3);
    Symbol first = new Bidirectional(new LSTM(2)).named("first").apply(a);
    Symbol second = new Dense(2).named("second").apply(first);
    Graph named = Graph.functional("m", List.of(a), Map.of("topic", first, "extent", second));
    assertEquals(List.of("extent", "topic"), named.outputNames());
    assertEquals(List.of("second", "first"), named.outputs().stream().map(named::layerName).toList());
    assertEquals(List.of("extent", "topic"), named.unfolded().outputNames());
    Graph listed = Graph.functional("m", List.of(a), List.of(first, second));
    assertEquals(List.of("first", "second"), listed.outputNames());
    assertEquals(List.of("first", "second"), listed.unfolded().outputNames());
  }

  @Test
  void twoLayersOfOneNameAreRefused() {
    Symbol a = Input.shape(4, 3);
    String message = assertThrows(RillException.class, () -> Graph.sequential("m", a,
        List.of(new LSTM(2).named("same").returnSequences(true), new GRU(2).named("same")))).getMessage();
    assertTrue(message.contains("same"), message);
  }

  @Test
  void anInputThatIsNotListedIsRefused() {
    Symbol a = Input.shape(4, 3);
    Symbol b = Input.named("forgotten", 4, 3);
    Symbol y = new Dense(1).apply(b);
    String message = assertThrows(RillException.class, () ->
        Graph.functional("m", List.of(a), List.of(y))).getMessage();
    assertTrue(message.contains("forgotten"), message);
  }

  @Test
  void aRecurrentLayerRefusesAnInputWithoutTime() {
    Symbol a = Input.shape(3);
    String message = assertThrows(ShapeException.class, () -> new LSTM(2).named("first").apply(a)).getMessage();
    assertTrue(message.contains("first") && message.contains("(None, 3)"), message);
  }

  @Test
  void initialStatesMustFit() {
    Symbol a = Input.shape(4, 3);
    Symbol h = Input.shape(5);
    assertThrows(ShapeException.class, () -> new GRU(6).call(a, h));
    assertThrows(ShapeException.class, () -> new LSTM(5).call(a, h));
    assertThrows(ShapeException.class, () -> new Dense(5).call(a, h));
  }

  @Test
  void sizesAndRatesThatMakeNoSenseAreRefused() {
    assertThrows(ShapeException.class, () -> new LSTM(0));
    assertThrows(ShapeException.class, () -> new Dense(-1));
    assertThrows(RillException.class, () -> new Dropout(1.5));
    assertThrows(RillException.class, () -> new GRU(2).dropout(-0.1));
    assertThrows(UnsupportedException.class, () -> Input.shape(4, Shape.UNKNOWN));
  }

  /** A file that Keras wrote is not damaged for them: whoever reads the refusal should look at the model, not at the disk. */
  @Test
  void shapesThatKerasTakesAndRillDoesNotAreUnsupported() {
    Symbol open = Input.shape(Shape.UNKNOWN, 4);
    Symbol deep = Input.shape(3, 2, 4);
    Layer inside = new NestedModel(Graph.sequential("inner", Input.shape(5, 1), List.of(new LSTM(2))));
    for (Executable refused : List.<Executable>of(() -> new Permute(2, 1).apply(open), () -> new Reshape(-1, 2).apply(open),
        () -> new Reshape(3, 4).apply(open), () -> new Flatten().apply(open), () -> new Masking().apply(Input.shape(4)),
        () -> new Masking().apply(deep), () -> new Concatenate().apply(List.of(deep, deep)), () -> new Dense(2).apply(deep),
        () -> new Embedding(9, 2).apply(Input.shape(3, 4)), () -> inside.apply(Input.shape(5)),
        () -> Graph.functional("m", List.of(Input.shape(Shape.UNKNOWN), open), List.of(new LSTM(2).apply(open))))) {
      String message = assertThrows(UnsupportedException.class, refused).getMessage();
      assertTrue(message.contains("None") && message.contains("expected"), message);
    }
  }

  @Test
  void shapesThatKerasRefusesDoNotFit() {
    Symbol x = Input.shape(3, 4);
    Layer inside = new NestedModel(Graph.sequential("inner", Input.shape(5, 4), List.of(new LSTM(2))));
    for (Executable refused : List.<Executable>of(() -> new Permute(1).apply(x), () -> new Reshape(5).apply(x),
        () -> inside.apply(x), () -> inside.apply(Input.shape(4)), () -> new LSTM(2).apply(Input.shape(4)))) {
      assertThrows(ShapeException.class, refused);
    }
  }

  @Test
  void aDescriptionNeverChanges() {
    LSTM plain = new LSTM(3);
    LSTM changed = plain.returnSequences(true).activation("relu").named("other").stateful(true);
    assertEquals(ActivationFunction.TANH, plain.activation());
    assertEquals(null, plain.name());
    assertTrue(!plain.returnSequences() && !plain.stateful());
    assertTrue(changed.returnSequences() && changed.stateful());
    assertEquals("other", changed.name());
  }

  @Test
  void aLayerIsNotSharedByInputsThatNeedOtherWeights() {
    List<Layer> layers = List.of(new Conv1D(7, 3), new LSTM(7).returnSequences(true), new Dense(7),
        new Bidirectional(new GRU(7).returnSequences(true)), new TimeDistributed(new Dense(7)), new LayerNormalization());
    for (Layer layer : layers) {
      Symbol other = Input.shape(9, 5);
      List<Symbol> inputs = List.of(Input.shape(9, 4), other);
      String message = assertThrows(ShapeException.class, () -> Graph.functional("two", inputs,
          List.of(layer.apply(inputs.get(0)), layer.apply(other)))).getMessage();
      assertTrue(message.contains("use two layers"), message);
      Graph.functional("one", inputs.subList(0, 1), List.of(layer.apply(inputs.get(0)), layer.apply(inputs.get(0))));
    }
  }
}
