package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.Bidirectional;
import dev.rill.layers.Activation;
import dev.rill.layers.Softmax;
import dev.rill.layers.TimeDistributed;
import dev.rill.layers.Reshape;
import dev.rill.layers.Layer;
import dev.rill.layers.Dense;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.Masking;
import dev.rill.layers.NestedModel;
import dev.rill.layers.RNN;
import dev.rill.layers.Recurrent;
import dev.rill.layers.RepeatVector;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Batch;
import dev.rill.variables.Initializer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The Keras face: stateful layers carry their state from call to call, and a batch of another size is an error. */
class ModelTest {
  private static final int IN = 3;

  private static Sequential stateful(boolean stateful) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN),
        new LSTM(4).returnSequences(true).stateful(stateful), new GRU(5).stateful(stateful), new Dense(2));
    model.initialize(3);
    return Samples.withBiases(model, 3);
  }

  private static Tensor data(long seed, int rows, int steps) {
    return Tensor.of(Samples.floats(seed, rows * steps * IN, 1), rows, steps, IN);
  }

  private static void assertBits(Tensor expected, Tensor actual, String what) {
    assertEquals(expected.shape(), actual.shape(), what);
    Samples.assertBits(expected.toArray(), actual.toArray(), what);
  }

  @Test
  void aStatefulModelContinuesFromCallToCall() {
    Tensor x = data(1, 4, 9);
    Tensor whole = stateful(true).predict(x);
    Sequential model = stateful(true);
    model.predict(x.steps(0, 2));
    model.predictOnBatch(x.steps(2, 3));
    assertBits(whole, model.predict(x.steps(3, 9)), "three calls");
  }

  @Test
  void aStatelessModelStartsEveryCallAtZero() {
    Tensor x = data(1, 4, 9);
    Sequential model = stateful(false);
    assertFalse(model.stateful());
    Tensor first = model.predict(x);
    assertBits(first, model.predict(x), "second call");
    assertBits(first, stateful(true).predict(x), "the first call of a stateful twin");
    assertEquals(List.of(), model.layer("lstm").states());
  }

  @Test
  void resetStatesStartsAgainAtZero() {
    Tensor x = data(1, 4, 9);
    Sequential model = stateful(true);
    Tensor first = model.predict(x);
    assertFalse(Arrays.equals(first.toArray(), model.predict(x).toArray()));
    model.resetStates();
    assertBits(first, model.predict(x), "after resetStates");
  }

  @Test
  void resetStatesOfALayerLeavesTheOthers() {
    Sequential model = stateful(true);
    model.predict(data(1, 4, 3));
    Tensor lstm = model.layer("lstm").states().get(1);
    model.layer("gru").resetStates();
    assertBits(Tensor.zeros(4, 5), model.layer("gru").states().get(0), "gru");
    assertBits(lstm, model.layer("lstm").states().get(1), "lstm");
    // The batch size stays.
    assertThrows(ShapeException.class, () -> model.predict(data(1, 3, 3)));
  }

  @Test
  void aLayerMadeOfSeveralHasTheStatesOfAll() {
    Model nested = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new GRU(6).returnSequences(true).stateful(true));
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN),
        new Bidirectional(new LSTM(4).returnSequences(true).stateful(true)).named("both"),
        new RNN(List.of(new GRU(5), new LSTM(2))).returnSequences(true).stateful(true).named("cells"),
        new NestedModel(nested.graph()).named("model"), new LSTM(3));
    model.initialize(3);
    model.predict(data(1, 4, 3));
    Map.of("both", new int[] {4, 4, 4, 4}, "cells", new int[] {5, 2, 2}, "model", new int[] {6}).forEach((name, units) -> {
      List<Tensor> states = model.layer(name).states();
      assertEquals(units.length, states.size(), name);
      for (int i = 0; i < units.length; i++) {
        assertEquals(Shape.of(4, units[i]), states.get(i).shape(), name);
        assertFalse(Arrays.equals(new float[4 * units[i]], states.get(i).toArray()), name + " has run");
      }
      model.layer(name).resetStates();
      for (Tensor state : model.layer(name).states()) {
        assertBits(Tensor.zeros(state.shape().toArray()), state, name + " was reset");
      }
    });
  }

  @Test
  void theFirstCallFixesTheBatchSizeAndResetStatesFreesIt() {
    Sequential model = stateful(true);
    model.predict(data(1, 4, 3));
    List<Tensor> before = model.layer("lstm").states();
    for (int rows : new int[] {1, 3, 5, 8}) {
      ShapeException refusal = assertThrows(ShapeException.class, () -> model.predictOnBatch(data(2, rows, 3)));
      assertTrue(refusal.getMessage().contains("expected batch size 4"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("received batch size " + rows), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("resetStates"), refusal.getMessage());
      assertBits(before.get(0), model.layer("lstm").states().get(0), "h after a refusal");
      assertBits(before.get(1), model.layer("lstm").states().get(1), "c after a refusal");
    }
    model.resetStates();
    assertBits(stateful(true).predict(data(2, 7, 3)), model.predict(data(2, 7, 3)), "another batch size");
  }

  /** BatchChecks of a stateful model follow each other: row i of one continues row i of the one before. */
  @Test
  void severalBatchesInOneCallFollowEachOther() {
    Tensor x = data(1, 8, 5);
    Sequential model = stateful(true);
    Tensor y = model.predict(x, 4);
    Sequential two = stateful(true);
    assertBits(two.predict(x.rows(0, 4)), y.rows(0, 4), "first batch");
    assertBits(two.predict(x.rows(4, 8)), y.rows(4, 8), "second batch");
  }

  @Test
  void aShortLastBatchIsRefusedWhenStatefulAndRunWhenNot() {
    Sequential model = stateful(true);
    ShapeException refusal = assertThrows(ShapeException.class, () -> model.predict(data(1, 7, 3), 4));
    assertTrue(refusal.getMessage().contains("7") && refusal.getMessage().contains("4"), refusal.getMessage());
    // Nothing has changed: not even the batch size is fixed.
    assertBits(stateful(true).predict(data(1, 2, 3)), model.predict(data(1, 2, 3)), "after the refusal");
    Sequential stateless = stateful(false);
    assertBits(stateless.predict(data(1, 7, 3), 7), stateless.predict(data(1, 7, 3), 4), "short last batch");
  }

  @Test
  void anInputWithoutRowsIsRefused() {
    assertThrows(ShapeException.class, () -> stateful(false).predict(data(1, 0, 3)));
    assertThrows(ShapeException.class, () -> stateful(true).predict(data(1, 0, 3)));
  }

  @Test
  void mixedModelsCarryOnlyTheirStatefulLayers() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(4).returnSequences(true),
        new GRU(5).stateful(true));
    model.initialize(1);
    Tensor x = data(1, 2, 6);
    model.predict(x.steps(0, 3));
    Tensor second = model.predict(x.steps(3, 6));
    // By hand: the LSTM from zero on each part, the GRU over both.
    Sequential lstm = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(4).returnSequences(true));
    lstm.layer("lstm").weights(model.layer("lstm").weights());
    Sequential gru = Sequential.of(Input.shape(Shape.UNKNOWN, 4), new GRU(5).stateful(true));
    gru.layer("gru").weights(model.layer("gru").weights());
    gru.predict(lstm.predict(x.steps(0, 3)));
    assertBits(gru.predict(lstm.predict(x.steps(3, 6))), second, "second call");
  }

  @Test
  void statesAreThoseOfASession() {
    Sequential model = stateful(true);
    Session session = model.freeze().session(4);
    Tensor x = data(1, 4, 6);
    model.predict(x);
    session.run(6, x.toArray(), new float[8]);
    assertBits(session.state().get("lstm", "h"), model.layer("lstm").states().get(0), "h of the LSTM");
    assertBits(session.state().get("lstm", "c"), model.layer("lstm").states().get(1), "c of the LSTM");
    assertBits(session.state().get("gru", "h"), model.layer("gru").states().get(0), "h of the GRU");
    assertEquals(List.of(), model.layer("dense").states());
  }

  @Test
  void statesBeforeTheFirstCall() {
    assertEquals(List.of(), stateful(true).layer("lstm").states());
    Sequential fixed = Sequential.of(Input.batchShape(6, 2, IN), new LSTM(4).stateful(true));
    assertBits(Tensor.zeros(6, 4), fixed.layer("lstm").states().get(1), "a batch size in the description");
  }

  @Test
  void aBatchSizeInTheDescriptionIsARemark() {
    Sequential fixed = Sequential.of(Input.batchShape(6, 2, IN), new LSTM(4));
    assertEquals(Shape.of(3, 4), fixed.predict(data(1, 3, 2)).shape());
  }

  @Test
  void goingBackwardsIsGoingForwardsOnReversedTime() {
    Sequential backwards =
        Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(4).named("l").goBackwards(true).returnSequences(true));
    Sequential forwards = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(4).named("l").returnSequences(true));
    forwards.layer("l").weights(backwards.layer("l").weights());
    for (int rows : new int[] {1, 2, 5}) {
      // More steps than a block of time, to see that it is not cut.
      int steps = 100;
      Tensor x = data(rows, rows, steps);
      Tensor reversed = Tensor.zeros(rows, steps, IN);
      for (int row = 0; row < rows; row++) {
        for (int t = 0; t < steps; t++) {
          for (int k = 0; k < IN; k++) {
            reversed.set(row, t, k, x.get(row, steps - 1 - t, k));
          }
        }
      }
      assertBits(forwards.predict(reversed), backwards.predict(x), rows + " rows");
    }
  }

  @Test
  void anEncodersStateStartsADecoder() {
    Symbol a = Input.shape(Shape.UNKNOWN, IN);
    Symbol b = Input.shape(Shape.UNKNOWN, 2);
    List<Symbol> encoded = new LSTM(4).named("encoder").returnState(true).call(a);
    Symbol decoded = new LSTM(4).named("decoder").returnSequences(true).call(b, encoded.get(1), encoded.get(2)).get(0);
    Model model = Model.of(List.of(a, b), List.of(decoded));
    Tensor x = data(1, 3, 7);
    Tensor y = Tensor.of(Samples.floats(2, 3 * 5 * 2, 1), 3, 5, 2);
    Tensor got = model.predict(List.of(x, y), 2).get(0);
    // By hand: the encoder's states put into a session of the decoder.
    Sequential encoder = Sequential.of(Input.shape(Shape.UNKNOWN, IN), new LSTM(4));
    encoder.layer("lstm").weights(model.layer("encoder").weights());
    Session first = encoder.freeze().session(3);
    first.run(7, x.toArray(), new float[12]);
    Sequential decoder = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new LSTM(4).returnSequences(true));
    decoder.layer("lstm").weights(model.layer("decoder").weights());
    Session second = decoder.freeze().session(3);
    second.stateOfOtherWeights(first.state());
    float[] expected = new float[3 * 5 * 4];
    second.run(5, y.toArray(), expected);
    Samples.assertBits(expected, got.toArray(), "decoder");
  }

  @Test
  void aSharedLayerWithoutStateStartsEachApplicationAtZero() {
    Symbol a = Input.shape(Shape.UNKNOWN, IN);
    SimpleRNN shared = new SimpleRNN(IN).named("shared").returnSequences(true);
    Model twice = Model.of(a, shared.apply(shared.apply(a)));
    Sequential once = Sequential.of(Input.shape(Shape.UNKNOWN, IN), shared);
    once.layer("shared").weights(twice.layer("shared").weights());
    Tensor x = data(1, 2, 70);
    assertBits(once.predict(once.predict(x)), twice.predict(x), "applied twice");
  }

  @Test
  void networksDoNotSeeLaterWeights() {
    Sequential model = stateful(false);
    Network frozen = model.freeze();
    float[] x = Samples.floats(1, IN, 1);
    float[] expected = new float[2];
    frozen.session(1).step(x, expected);
    model.initialize(99);
    float[] y = new float[2];
    frozen.session(1).step(x, y);
    Samples.assertBits(expected, y, "frozen");
    model.freeze().session(1).step(x, y);
    assertFalse(Arrays.equals(expected, y));
  }

  @Test
  void weightsAreSetAllOrNone() {
    Sequential model = stateful(true);
    Tensor x = data(1, 2, 3);
    model.predict(x);
    List<Tensor> states = model.layer("lstm").states();
    List<Tensor> weights = model.layer("lstm").weights();
    assertThrows(ShapeException.class, () -> model.layer("lstm").weights(weights.subList(0, 2)));
    ShapeException refusal = assertThrows(ShapeException.class, () -> model.layer("lstm").weights(
        List.of(Tensor.zeros(weights.get(0).shape().toArray()), weights.get(1), Tensor.zeros(15))));
    assertTrue(refusal.getMessage().contains("lstm, bias"), refusal.getMessage());
    assertBits(weights.get(0), model.layer("lstm").weights().get(0), "kernel after a refusal");
    model.layer("lstm").weights(weights);
    assertBits(states.get(0), model.layer("lstm").states().get(0), "states after new weights");
  }

  @Test
  void inputsThatDoNotFitAreRefusedByName() {
    Sequential model = stateful(true);
    ShapeException refusal = assertThrows(ShapeException.class, () -> model.predict(Tensor.zeros(2, 3, IN + 1)));
    assertTrue(refusal.getMessage().contains("input_layer") && refusal.getMessage().contains("(2, 3, 4)"),
        refusal.getMessage());
    assertThrows(ShapeException.class, () -> model.predict(Tensor.zeros(2, IN)));
    assertThrows(ShapeException.class, () -> model.predict(Tensor.zeros(2, 0, IN)));
    assertThrows(ShapeException.class, () -> model.predict(data(1, 2, 3), 0));
    assertThrows(ShapeException.class, () -> model.predict(List.of(data(1, 2, 3), data(1, 2, 3)), 2));
    assertThrows(RillException.class, () -> model.layer("nobody"));
  }

  @Test
  void aFixedTimeAxisMustFit() {
    Sequential model = Sequential.of(Input.shape(5, IN), new GRU(2));
    assertThrows(ShapeException.class, () -> model.predict(data(1, 2, 4)));
    assertEquals(Shape.of(2, 2), model.predict(data(1, 2, 5)).shape());
  }

  @Test
  void aStatefulLayerAppliedTwiceReturnsTheCellStateOfEachApplication() {
    LSTM layer = new LSTM(3).stateful(true).returnState(true);
    Symbol a = Input.shape(Shape.UNKNOWN, 2);
    Symbol b = Input.shape(Shape.UNKNOWN, 2);
    Model twice = Model.of(List.of(a, b), List.of(layer.call(a).get(2), layer.call(b).get(2)));
    Model once = Model.of(a, layer.call(a).get(2));
    once.layer("lstm").weights(twice.layer("lstm").weights());
    Tensor x = Tensor.of(new float[] {1, -2, 0.5f, 3}, 1, 2, 2);
    Tensor y = Tensor.of(new float[] {-1, 4}, 1, 1, 2);
    List<Tensor> cells = twice.predictOnBatch(List.of(x, y));
    // Of two applications at one distance from the outputs Keras carries out the later output's first.
    assertArrayEquals(once.predictOnBatch(y).toArray(), cells.get(1).toArray());
    assertArrayEquals(once.predictOnBatch(x).toArray(), cells.get(0).toArray());
  }

  /** The second application overwrites the state that the first has left; what the first has returned must stay. */
  @Test
  void aStatefulLayerAppliedTwiceForOneStepReturnsTheOutputOfEachApplication() {
    for (String name : List.of("lstm", "gru")) {
      Recurrent<?> layer = name.equals("lstm") ? new LSTM(3) : new GRU(3);
      layer.stateful(true);
      Symbol a = Input.shape(1, 2);
      Symbol b = Input.shape(1, 2);
      Model twice = Model.of(List.of(a, b), List.of(layer.apply(a), layer.apply(b)));
      Model once = Model.of(a, layer.apply(a));
      once.layer(name).weights(twice.layer(name).weights());
      Tensor x = Tensor.of(new float[] {1, -2}, 1, 1, 2);
      Tensor y = Tensor.of(new float[] {-1, 4}, 1, 1, 2);
      List<Tensor> shown = twice.predictOnBatch(List.of(x, y));
      assertArrayEquals(once.predictOnBatch(x).toArray(), shown.get(0).toArray());
      assertArrayEquals(once.predictOnBatch(y).toArray(), shown.get(1).toArray());
    }
  }

  /** Sizes that a description claims and no array holds: refused by layer and bytes where memory is asked for. */
  @Test
  void whatNoArrayHoldsIsRefusedByLayer() {
    Model batch = Sequential.of(Input.batchShape(1 << 30, 4, 1), new LSTM(1).named("crowd").stateful(true));
    String message = assertThrows(RillException.class, () -> batch.layer("crowd").states()).getMessage();
    assertTrue(message.contains("crowd") && message.contains("bytes"), message);
    Model longest = Sequential.of(Input.shape(1), new RepeatVector(1 << 26), new Dense(2).named("mapped"));
    message = assertThrows(RillException.class, () -> longest.predict(Tensor.zeros(20, 1))).getMessage();
    assertTrue(message.contains("mapped") && message.contains("bytes"), message);
    Model inside = Sequential.of(Input.shape(1), new RepeatVector(1 << 26), new Masking(),
        new LSTM(32).named("within").stateful(true));
    message = assertThrows(RillException.class, () -> inside.predict(Tensor.zeros(2, 1), 1)).getMessage();
    assertTrue(message.contains("within") && message.contains("bytes"), message);
    // And nothing has been bound to that call.
    assertEquals(List.of(), inside.layer("within").states());
  }

  @Test
  void whatIsMissingIsNamedAndLeavesTheModelAsItWas() {
    Model model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(2));
    Tensor expected = model.predict(Tensor.zeros(1, 2, 3));
    List<Executable> calls = List.of(() -> model.predictWith(null), () -> model.predict((Tensor) null),
        () -> model.predict(Tensor.of(new float[1])), () -> model.predict(Tensor.zeros(1, 2, 3), 0),
        () -> model.predict((List<Tensor>) null, 3),
        () -> model.predictOnBatch(Arrays.asList((Tensor) null)), () -> model.freeze(null));
    for (Executable call : calls) {
      assertThrows(RillException.class, call);
      assertEquals(expected, model.predict(Tensor.zeros(1, 2, 3)));
    }
  }

  @Test
  void anInputWithANameHasTheShapeThatOneWithoutHas() {
    assertEquals(Input.shape(Shape.UNKNOWN, 3).shape(), Input.named("x", Shape.UNKNOWN, 3).shape());
    assertEquals(Input.batchShape(2, Shape.UNKNOWN, 3).shape(), Input.batchNamed("x", 2, Shape.UNKNOWN, 3).shape());
  }

  /** The trainer is public, and so is asked for batches that nobody has held against the model. */
  @Test
  void aTrainerRefusesInputsOfAnotherShape() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(2));
    model.compile("adam", "mse");
    float[] before = model.trainer().gradient(Batch.of(Tensor.zeros(1, 2, 3), Tensor.zeros(1, 2)), model::enter);
    Batch wide = Batch.of(Tensor.zeros(1, 2, 4), Tensor.zeros(1, 2));
    List<Executable> calls = List.of(() -> model.trainer().check(wide), () -> model.trainer().train(wide, model::enter),
        () -> model.trainer().test(wide, model::enter), () -> model.trainer().gradient(wide, model::enter));
    for (Executable call : calls) {
      String message = assertThrows(ShapeException.class, call).getMessage();
      assertTrue(message.contains("(None, None, 3)") && message.contains("(1, 2, 4)"), message);
    }
    assertArrayEquals(before,
        model.trainer().gradient(Batch.of(Tensor.zeros(1, 2, 3), Tensor.zeros(1, 2)), model::enter));
  }

  @Test
  void weightedBatchesTakeThreeArguments() {
    Sequential model = Sequential.of(Input.shape(3), new Dense(1).kernelInitializer(Initializer.zeros()));
    model.compile("sgd", "mse");
    Tensor y = Tensor.of(new float[] {1, 3}, 2, 1);
    double plain = model.testOnBatch(Batch.of(Tensor.zeros(2, 3), y)).get("loss");
    double weighted = model.testOnBatch(Batch.of(Tensor.zeros(2, 3), y, Tensor.of(new float[] {2, 0}, 2))).get("loss");
    assertEquals(5, plain);
    assertEquals(1, weighted);
  }

  /** It would be one over the last two axes together. */
  @Test
  void aSoftmaxOfMoreThanOneAxisOfFeaturesIsRefused() {
    for (Layer softmax : List.of(new Activation("softmax"), new Activation("log_softmax"), new Softmax())) {
      String message = assertThrows(UnsupportedException.class, () -> Sequential.of(Input.shape(3, 6),
          new TimeDistributed(new Reshape(2, 3)), softmax)).getMessage();
      assertTrue(message.contains("(None, 3, 2, 3)"), message);
    }
  }
}
