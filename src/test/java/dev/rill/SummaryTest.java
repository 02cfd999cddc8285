package dev.rill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rill.layers.Activation;
import dev.rill.layers.Dense;
import dev.rill.layers.Dropout;
import dev.rill.layers.GRU;
import dev.rill.layers.LSTM;
import dev.rill.layers.SimpleRNN;
import dev.rill.layers.Symbol;
import dev.rill.layers.TimeDistributed;
import dev.rill.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table of a model, character for character as Keras 3.15.1 printed it. */
class SummaryTest {
  @Test
  void aChainWithLongNames() {
    Sequential model = Sequential.of(Input.batchShape(32, 21, 16), new LSTM(32).returnSequences(true).stateful(true),
        new TimeDistributed(new Dense(16)), new Dropout(0.5),
        new GRU(5).named("a_very_long_name_for_a_layer_that_wraps"),
        new Dense(5).named("dense_1"), new Dense(300).named("dense_2").activation("relu"));
    assertEquals("""
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ lstm (LSTM)                     │ (32, 21, 32)           │         6,272 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ time_distributed                │ (32, 21, 16)           │           528 │
        │ (TimeDistributed)               │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dropout (Dropout)               │ (32, 21, 16)           │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ a_very_long_name_for_a_layer_t… │ (32, 5)                │           345 │
        │ (GRU)                           │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_1 (Dense)                 │ (32, 5)                │            30 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_2 (Dense)                 │ (32, 300)              │         1,800 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 8,975 (35.06 KB)
         Trainable params: 8,975 (35.06 KB)
         Non-trainable params: 0 (0.00 B)
        """, model.summary());
  }

  @Test
  void theFirstSeed() {
    Sequential model = Sequential.of(Input.batchShape(32, 10, 16), new LSTM(32).stateful(true),
        new Dense(16).activation("softmax"));
    assertEquals("""
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ lstm (LSTM)                     │ (32, 32)               │         6,272 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense (Dense)                   │ (32, 16)               │           528 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 6,800 (26.56 KB)
         Trainable params: 6,800 (26.56 KB)
         Non-trainable params: 0 (0.00 B)
        """, model.summary());
  }

  @Test
  void aFunctionalModelThatIsAChain() {
    Symbol input = Input.batchShape(2, Shape.UNKNOWN, 1);
    Model model = Model.of(input, new GRU(5).stateful(true).apply(input));
    assertEquals("""
        Model: "functional"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ input_layer (InputLayer)        │ (2, None, 1)           │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ gru (GRU)                       │ (2, 5)                 │           120 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 120 (480.00 B)
         Trainable params: 120 (480.00 B)
         Non-trainable params: 0 (0.00 B)
        """, model.summary());
  }

  @Test
  void severalOutputsAndStates() {
    Symbol input = Input.batchShape(2, Shape.UNKNOWN, 1);
    List<Symbol> lstm = new LSTM(5).returnSequences(true).returnState(true).call(input);
    Symbol gru = new GRU(5).call(lstm.get(0), lstm.get(1)).get(0);
    Model model = Model.of(List.of(input), List.of(gru, new Dense(3).apply(lstm.get(2))));
    assertEquals("""
        Model: "functional"
        ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
        ┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
        ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
        │ input_layer         │ (2, None, 1)      │          0 │ -                 │
        │ (InputLayer)        │                   │            │                   │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ lstm (LSTM)         │ [(2, None, 5),    │        140 │ input_layer[0][0] │
        │                     │ (2, 5), (2, 5)]   │            │                   │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ gru (GRU)           │ (2, 5)            │        180 │ lstm[0][0],       │
        │                     │                   │            │ lstm[0][1]        │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ dense (Dense)       │ (2, 3)            │         18 │ lstm[0][2]        │
        └─────────────────────┴───────────────────┴────────────┴───────────────────┘
         Total params: 338 (1.32 KB)
         Trainable params: 338 (1.32 KB)
         Non-trainable params: 0 (0.00 B)
        """, model.summary());
  }

  @Test
  void severalInputsAndASharedLayer() {
    Symbol first = Input.named("first", 4, 3);
    Symbol second = Input.named("the_second_input_of_the_model", 7);
    Symbol plain = new SimpleRNN(6).named("plain").apply(first);
    Symbol side = new Dense(6).useBias(false).named("side").apply(second);
    Dense shared = new Dense(2).named("shared");
    Model model = Model.of(List.of(first, second), List.of(shared.apply(plain), shared.apply(side)));
    assertEquals("""
        Model: "functional"
        ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
        ┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
        ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
        │ first (InputLayer)  │ (None, 4, 3)      │          0 │ -                 │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ the_second_input_o… │ (None, 7)         │          0 │ -                 │
        │ (InputLayer)        │                   │            │                   │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ plain (SimpleRNN)   │ (None, 6)         │         60 │ first[0][0]       │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ side (Dense)        │ (None, 6)         │         42 │ the_second_input… │
        ├─────────────────────┼───────────────────┼────────────┼───────────────────┤
        │ shared (Dense)      │ (None, 2)         │         14 │ plain[0][0],      │
        │                     │                   │            │ side[0][0]        │
        └─────────────────────┴───────────────────┴────────────┴───────────────────┘
         Total params: 116 (464.00 B)
         Trainable params: 116 (464.00 B)
         Non-trainable params: 0 (0.00 B)
        """, model.summary());
  }

  @Test
  void aGruWithoutBias() {
    Sequential model = Sequential.of(Input.shape(5, 4), new GRU(3).resetAfter(false).useBias(false),
        new Activation("tanh"));
    assertEquals("""
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ gru (GRU)                       │ (None, 3)              │            63 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ activation (Activation)         │ (None, 3)              │             0 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 63 (252.00 B)
         Trainable params: 63 (252.00 B)
         Non-trainable params: 0 (0.00 B)
        """, model.summary());
  }

  @Test
  void millionsOfParameters() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 1000), new Dense(2000).useBias(false));
    String[] lines = model.summary().split("\n");
    assertEquals(" Total params: 2,000,000 (7.63 MB)", lines[6]);
  }
}
