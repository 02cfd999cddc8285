package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Predictor;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.layers.Bidirectional;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WindowBatcherTest {
  private static final int STEPS = 5;
  private final Network ahead = looksAhead(1, true);

  private static Network looksAhead(long seed, boolean sequence) {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, Streams.IN),
        new Bidirectional(new LSTM(4).returnSequences(sequence)), new Dense(Streams.OUT));
    model.initialize(seed);
    return model.freeze();
  }

  private static float[] window(int i) {
    return Samples.floats(i, STEPS * Streams.IN, 1);
  }

  private static float[] alone(Network network, int i, int outputs) {
    Predictor predictor = network.predictor();
    float[] y = new float[outputs];
    predictor.run(1, STEPS, window(i), y);
    return y;
  }

  @Test
  void windowsOfManyThreadsRideTogetherAndAreAsIfEachWereAlone() throws InterruptedException {
    for (boolean sequence : new boolean[] {true, false}) {
      Network network = looksAhead(1, sequence);
      int outputs = (sequence ? STEPS : 1) * Streams.OUT;
      try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(network).windows(STEPS).shards(2).maxBatch(8)
          .queue(16, WhenFull.BLOCK).build()) {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> wrong = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
          int first = t * 100;
          Thread thread = new Thread(() -> {
            try {
              List<CompletableFuture<Reply>> replies = new ArrayList<>();
              for (int i = first; i < first + 50; i++) {
                // Two windows of a key are two windows.
                replies.add(batcher.submit(i % 7, window(i)));
              }
              for (int i = 0; i < 50; i++) {
                Samples.assertBits(alone(network, first + i, outputs), replies.get(i).join().y(), "window " + (first + i));
              }
              float[] y = new float[outputs];
              assertEquals(network.weightsFingerprint(), batcher.step(1, window(first), y));
              Samples.assertBits(alone(network, first, outputs), y, "by the caller");
            } catch (Throwable e) {
              wrong.add(e);
            }
          });
          threads.add(thread);
          thread.start();
        }
        for (Thread thread : threads) {
          thread.join();
        }
        assertEquals(List.of(), wrong);
        assertEquals(204, batcher.stats().requests());
        assertEquals(0, batcher.stats().streams());
        assertNull(batcher.end(1).join());
      }
    }
  }

  @Test
  void aModelThatStreamsAnswersWindowsFromZero() {
    Network network = Streams.network(1);
    try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(network).windows(STEPS).build()) {
      for (int turn = 0; turn < 2; turn++) {
        Samples.assertBits(alone(network, 3, Streams.OUT), batcher.submit("a", window(3)).join().y(), "turn " + turn);
      }
    }
  }

  @Test
  void otherWeightsTakeOverIfTheyPassTheProbe() {
    Network next = looksAhead(2, true);
    try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(ahead).windows(STEPS).build()) {
      Probe probe = Probe.finite().expect(window(7), alone(next, 7, STEPS * Streams.OUT), 0);
      assertThrows(StateException.class, () -> batcher.swap(looksAhead(3, true), Carry.RESET, probe));
      assertThrows(ShapeException.class, () -> batcher.swap(looksAhead(2, false), Carry.RESET));
      assertEquals(ahead.weightsFingerprint(), batcher.submit("a", window(1)).join().weights());
      Swap swap = batcher.swap(next, Carry.RESET, probe);
      Samples.assertBits(alone(next, 1, STEPS * Streams.OUT), batcher.submit("a", window(1)).join().y(), "after the swap");
      swap.back(Carry.RESET);
      assertEquals(ahead.weightsFingerprint(), batcher.submit("a", window(1)).join().weights());
    }
  }

  @Test
  void whatWindowsDoNotHaveIsRefusedInWords() {
    StateException streams = assertThrows(StateException.class, () -> SequenceBatcher.<String>builder(ahead).build());
    assertTrue(streams.getMessage().contains("windows(steps)"), streams.getMessage());
    assertThrows(StateException.class, () -> SequenceBatcher.<String>builder(ahead).windows(3).keepInputs(2).build());
    assertThrows(StateException.class, () -> SequenceBatcher.<String>builder(ahead).windows(3).idle(Duration.ofSeconds(1), null).build());
    assertThrows(ShapeException.class, () -> SequenceBatcher.<String>builder(ahead).windows(0));
    Sequential fixed = Sequential.of(Input.shape(4, Streams.IN), new Bidirectional(new LSTM(4)));
    fixed.initialize(1);
    Network four = fixed.freeze();
    assertThrows(ShapeException.class, () -> SequenceBatcher.<String>builder(four).windows(STEPS).build());
    try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(ahead).windows(STEPS).build()) {
      assertThrows(StateException.class, () -> batcher.state("a"));
      assertThrows(StateException.class, () -> batcher.snapshot(Path.of("none"), KeyCodec.STRINGS, null));
      assertThrows(ShapeException.class, () -> batcher.submit("a", new float[STEPS * Streams.IN - 1]));
      assertThrows(ShapeException.class, () -> batcher.submit("a", new float[STEPS * Streams.IN + 1]));
    }
  }
}
