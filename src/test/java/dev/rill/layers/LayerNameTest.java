package dev.rill.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that Keras 3.15 does not take, or cannot write, are refused where they are given; all others are kept as they are. */
class LayerNameTest {
  private static final List<Layer> LAYERS = List.of(new LSTM(1), new GRU(1), new SimpleRNN(1), new Dense(1), new Embedding(2, 1),
      new TimeDistributed(new Dense(1)), new Activation("relu"), new Dropout(0.5), new Masking(), new Concatenate(),
      new RepeatVector(2), new InputLayer(Shape.of(-1, 2)));

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "block/lstm", "a\nb", "\t", "a\0b", "\u007f", "a\u0085", "\ud800", "a\udc00b", "\udc00\ud800"})
  void aNameThatKerasDoesNotTakeIsRefusedWhereItIsGiven(String name) {
    for (Layer layer : LAYERS) {
      assertThrows(RillException.class, () -> layer.named(name), layer.className());
    }
    assertThrows(RillException.class, () -> Input.named(name, -1, 3));
    Symbol in = Input.shape(3);
    assertThrows(RillException.class, () -> Graph.sequential(name, in, List.of(new Dense(1))));
    assertThrows(RillException.class, () -> Graph.functional(name, List.of(in), List.of(new Dense(1).apply(in))));
    assertEquals(LayerName.cleaned(name), LayerName.check(LayerName.cleaned(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "glättung 1", "层", "a.b:c\\d", "\ud83d\ude00"})
  void anyOtherNameIsKept(String name) {
    for (Layer layer : LAYERS) {
      assertEquals(name, layer.named(name).name());
    }
    assertEquals(name, LayerName.cleaned(name));
  }

  @Test
  void noNameIsLeftToTheModel() {
    assertNull(LayerName.check(null));
    assertEquals("dense_1", Graph.sequential("s", Input.shape(3), List.of(new Dense(1), new Dense(2).named("x"), new Dense(3)))
        .layers().get(3).name());
  }

  @Test
  void whatIsRefusedIsShownWithoutItsControlCharacters() {
    String message = assertThrows(RillException.class, () -> new Dense(1).named("a\n\u001b[31mb/c")).getMessage();
    assertTrue(message.contains("a__[31mb_c"), message);
  }
}
