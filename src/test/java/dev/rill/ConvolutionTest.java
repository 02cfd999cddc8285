package dev.rill;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.layers.AveragePooling1D;
import dev.rill.layers.Conv1D;
import dev.rill.layers.Cropping1D;
import dev.rill.layers.Dense;
import dev.rill.layers.GlobalAveragePooling1D;
import dev.rill.layers.GlobalMaxPooling1D;
import dev.rill.layers.LSTM;
import dev.rill.layers.Layer;
import dev.rill.layers.Masking;
import dev.rill.layers.MaxPooling1D;
import dev.rill.layers.Symbol;
import dev.rill.layers.UpSampling1D;
import dev.rill.layers.ZeroPadding1D;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Convolutions and poolings over time: what they do to its length, what a session remembers, and what is refused. */
class ConvolutionTest {
  private static Sequential model(Shape input, Layer... layers) {
    Symbol x = input.rank() == 2 ? Input.shape(input.axis(0), input.axis(1)) : Input.shape(input.axis(0));
    Sequential model = Sequential.of(x, layers);
    model.initialize(5);
    return Samples.withBiases(model, 6);
  }

  private static Sequential unknownTime(Layer... layers) {
    return model(Shape.of(Shape.UNKNOWN, 3), layers);
  }

  private static void assertMessage(Class<? extends Exception> type, Executable call, String... parts) {
    Exception e = assertThrows(type, call);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void theOutputIsAsLongAsTheWindowsMakeIt() {
    Map<Layer, int[]> lengths = Map.of(new Conv1D(2, 3), new int[] {7, 9}, new Conv1D(2, 3).strides(2), new int[] {4, 5},
        new Conv1D(2, 3).dilationRate(4), new int[] {1, 3}, new Conv1D(2, 4).strides(3).padding("same"), new int[] {3, 4},
        new Conv1D(2, 4).strides(3).padding("causal"), new int[] {3, 4}, new MaxPooling1D(2), new int[] {4, 5},
        new AveragePooling1D(4).strides(3).padding("SAME"), new int[] {3, 4}, new ZeroPadding1D(1, 3), new int[] {13, 15},
        new Cropping1D(2, 1), new int[] {6, 8}, new UpSampling1D(3), new int[] {27, 33});
    lengths.forEach((layer, expected) -> {
      Sequential model = unknownTime(layer, new LSTM(4).returnSequences(true));
      for (int i = 0; i < 2; i++) {
        int read = 9 + 2 * i;
        assertEquals(Shape.of(5, expected[i], 4), model.predict(Tensor.zeros(5, read, 3), 2).shape(), layer.label() + " of " + read);
        Sequential known = model(Shape.of(read, 3), layer);
        assertEquals(expected[i], known.graph().shape(known.graph().outputs().get(0)).axis(1));
      }
    });
    assertEquals(Shape.of(5, 3), unknownTime(new GlobalMaxPooling1D()).predict(Tensor.zeros(5, 4, 3)).shape());
    assertEquals(Shape.of(5, 1, 3), unknownTime(new GlobalAveragePooling1D().keepDims(true)).predict(Tensor.zeros(5, 4, 3)).shape());
  }

  /** In batches, alone, and beside other lengths in one workspace: a convolution sees its own row only. */
  @Test
  void aWindowDoesNotDependOnTheRowsBesideIt() {
    for (Layer layer : List.of(new Conv1D(5, 3), new Conv1D(20, 4).strides(3).padding("same"), new Conv1D(6, 3).groups(3),
        new Conv1D(6, 2).groups(3).dilationRate(3).padding("same").activation("softmax"), new Conv1D(7, 3).padding("causal").strides(2),
        new MaxPooling1D(3).padding("same"), new AveragePooling1D(2).strides(1))) {
      Sequential model = unknownTime(layer, new Conv1D(4, 2).padding("same"), new MaxPooling1D(2).strides(1));
      for (int steps : new int[] {30, 9, 200, 10}) {
        Tensor x = Tensor.of(Samples.floats(steps, 7 * steps * 3, 1), 7, steps, 3);
        Tensor all = model.predict(x);
        for (int row = 0; row < 7; row++) {
          Samples.assertBits(all.row(row).toArray(), model.predict(x.rows(row, row + 1)).toArray(), layer.label() + " of " + steps);
        }
      }
    }
  }

  @Test
  void aSessionRemembersTheStepsThatAreStillToBeRead() {
    Sequential model = unknownTime(new Conv1D(4, 3).padding("causal").dilationRate(2).named("first"),
        new Conv1D(2, 1).padding("same"), new Conv1D(5, 2).padding("causal").named("second"));
    Network network = model.freeze();
    assertEquals(List.of(new State.Plane("first", "tail", 12), new State.Plane("second", "tail", 2)), network.planes());
    Session session = network.session(1);
    float[] x = Samples.floats(1, 6 * 3, 1);
    session.run(6, x, new float[6 * 5]);
    assertArrayEquals(Arrays.copyOfRange(x, 2 * 3, 6 * 3), session.state().get("first", "tail").toArray());
  }

  /** Keras knows no state of a convolution: each call begins with zeros, beside a layer that goes on. */
  @Test
  void predictBeginsWithZerosBesideAStatefulLayer() {
    Sequential model = unknownTime(new Conv1D(4, 3).padding("causal").named("conv"), new LSTM(4).stateful(true).named("lstm"));
    Sequential alone = unknownTime(new Conv1D(4, 3).padding("causal"));
    alone.layers().get(1).weights(model.layer("conv").weights());
    Sequential behind = model(Shape.of(Shape.UNKNOWN, 4), new LSTM(4).stateful(true));
    behind.layers().get(1).weights(model.layer("lstm").weights());
    for (int call = 0; call < 3; call++) {
      Tensor x = Tensor.of(Samples.floats(call, 2 * 100 * 3, 1), 2, 100, 3);
      Samples.assertBits(behind.predict(alone.predict(x)).toArray(), model.predict(x).toArray(), "call " + call);
    }
    assertEquals(List.of(), model.layer("conv").states());
  }

  @Test
  void whatCannotBeSteppedSaysWhyAndWhatToDo() {
    Map<Layer, String> reasons = Map.ofEntries(
        Map.entry(new Conv1D(2, 3), "layer Conv1D n gives no step for the first 2 that it reads (padding valid); with padding causal"),
        Map.entry(new Conv1D(2, 3).padding("same"), "layer Conv1D n reads steps ahead (padding same); with padding causal"),
        Map.entry(new Conv1D(2, 3).padding("causal").strides(2), "gives one step for every 2 that it reads; with padding causal and"),
        Map.entry(new MaxPooling1D(2), "layer MaxPooling1D n gives one step for every 2 that it reads"),
        Map.entry(new AveragePooling1D(2).strides(1).padding("same"), "reads steps ahead"),
        Map.entry(new GlobalMaxPooling1D(), "pools a whole sequence"),
        Map.entry(new ZeroPadding1D(2, 0), "adds steps to a sequence; a Conv1D with padding causal"),
        Map.entry(new Cropping1D(1, 0), "cuts steps off a sequence"), Map.entry(new UpSampling1D(2), "gives 2 steps for each"));
    reasons.forEach((layer, reason) -> {
      Network network = unknownTime(layer.named("n")).freeze();
      assertMessage(StateException.class, () -> network.session(1), reason, "use predictor()");
    });
    for (Layer layer : List.of(new Conv1D(2, 1), new Conv1D(2, 1).padding("same").dilationRate(3), new MaxPooling1D(1),
        new AveragePooling1D(1).padding("same"))) {
      assertEquals(List.of(), unknownTime(layer).freeze().session(1).state().planes(), layer.label());
    }
  }

  @Test
  void aSequenceThatIsTooShortIsRefusedBeforeAnythingRuns() {
    Sequential model = unknownTime(new LSTM(2).stateful(true).returnSequences(true).named("lstm"), new MaxPooling1D(2),
        new Conv1D(2, 3).dilationRate(2).named("conv"), new Dense(1));
    model.compile("sgd", "mse");
    model.predict(Tensor.of(Samples.floats(1, 30, 1), 1, 10, 3));
    float[] state = model.layer("lstm").states().get(0).toArray();
    float[] weights = model.weights().values().clone();
    String[] expected = {"layer Conv1D conv reads windows of 5 steps", "at least 5, got 4"};
    Tensor x = Tensor.zeros(1, 9, 3);

    assertMessage(ShapeException.class, () -> model.predict(x), expected);
    assertMessage(ShapeException.class, () -> model.trainOnBatch(x, Tensor.zeros(1, 1, 1)), expected);
    assertMessage(ShapeException.class, () -> model.testOnBatch(Batch.of(List.of(x), List.of(Tensor.zeros(1, 1, 1)))), expected);
    assertMessage(ShapeException.class, () -> unknownTime(new Cropping1D(2, 1).named("crop")).predict(Tensor.zeros(1, 3, 3)),
        "layer Cropping1D crop cuts off 2 and 1 steps: expected a longer sequence, got 3");
    assertMessage(ShapeException.class, () -> new Conv1D(2, 3).apply(Input.shape(2, 3)), "at least 3, got 2");
    assertArrayEquals(state, model.layer("lstm").states().get(0).toArray());
    assertArrayEquals(weights, model.weights().values());
  }

  @Test
  void whatIsNoConvolutionIsRefused() {
    assertMessage(ShapeException.class, () -> new Conv1D(0, 3), "positive number of filters, got 0");
    assertMessage(ShapeException.class, () -> new Conv1D(2, 0), "at least 1 step, got 0");
    assertMessage(ShapeException.class, () -> new Conv1D(2, 1 << 30).dilationRate(2), "too long");
    assertMessage(ShapeException.class, () -> new Conv1D(5, 1).groups(2), "divides 5 filters, got 2");
    assertMessage(ShapeException.class, () -> new Conv1D(4, 1).groups(2).apply(Input.shape(4, 3)), "2 groups divide", "(None, 4, 3)");
    assertMessage(ShapeException.class, () -> new Conv1D(4, 1).apply(Input.shape(4)), "a sequence (batch, time, features)");
    assertMessage(UnsupportedException.class, () -> new Conv1D(4, 2).strides(2).dilationRate(2), "only one of both");
    assertMessage(UnsupportedException.class, () -> new Conv1D(4, 2).padding("full"), "padding full", "valid, same and causal");
    assertMessage(UnsupportedException.class, () -> new MaxPooling1D(2).padding("causal"), "valid and same");
    assertMessage(ShapeException.class, () -> new ZeroPadding1D(0, -1), "got 0 and -1");
    assertMessage(ShapeException.class, () -> new UpSampling1D(1 << 30).apply(Input.shape(4, 3)), "4294967296 steps");
  }

  @Test
  void aMaskEndsAtAConvolution() {
    Symbol masked = new Masking().apply(Input.shape(6, 3));
    for (Layer layer : List.of(new Conv1D(2, 1), new MaxPooling1D(1), new AveragePooling1D(1), new GlobalMaxPooling1D().keepDims(true),
        new GlobalAveragePooling1D().keepDims(true), new ZeroPadding1D(0, 0), new Cropping1D(0, 0), new UpSampling1D(1))) {
      assertEquals(null, layer.apply(masked).mask(), layer.label());
    }
  }

  /** As Keras 3.15.1 gives it. */
  @Test
  void aMeanOfNoStepIsNotANumber() {
    Sequential model = unknownTime(new Masking(), new GlobalAveragePooling1D());
    float[] x = {0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0};
    assertArrayEquals(new float[] {Float.NaN, Float.NaN, Float.NaN, 1, 2, 3}, model.predict(Tensor.of(x, 2, 2, 3)).toArray());
  }
}
