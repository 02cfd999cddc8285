package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.Session;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import dev.rill.tensor.Tensor;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SwapTest {
  private final Network first = Streams.network(1);
  private final Network second = Streams.network(2);

  private static float[] input(int key, int step) {
    return Samples.floats(1000L * key + step, Streams.IN, 1);
  }

  /** Requests in flight while the weights change to and fro: none fails, and each is what the weights it names give. */
  @Test
  void everyReplySaysWhichWeightsGaveIt() throws Exception {
    int keys = 20;
    int steps = 300;
    List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch answered = new CountDownLatch(keys * steps);
    Session[] replay = new Session[keys];
    Network[] of = new Network[keys];
    int[] seen = new int[keys];
    for (int key = 0; key < keys; key++) {
      replay[key] = first.session(1);
      of[key] = first;
    }
    Completion<Integer> check = (key, y, weights, failure) -> {
      Network network = weights == first.weightsFingerprint() ? first : second;
      if (of[key] != network) {
        replay[key] = replay[key].moveTo(network);
        of[key] = network;
      }
      float[] expected = new float[Streams.OUT];
      replay[key].step(input(key, seen[key]++), expected);
      if (failure != null || weights != network.weightsFingerprint() || !Arrays.equals(expected, y)) {
        wrong.add(key + " at " + seen[key] + " " + failure);
      }
      answered.countDown();
    };
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(first).shards(2).queue(64, WhenFull.BLOCK).build()) {
      Thread load = new Thread(() -> {
        for (int step = 0; step < steps; step++) {
          for (int key = 0; key < keys; key++) {
            batcher.submit(key, input(key, step), new float[Streams.OUT], check);
          }
        }
      });
      load.start();
      while (answered.getCount() > 0) {
        Swap swap = batcher.swap(second, Carry.KEEP);
        assertSame(first, swap.previous());
        assertEquals(second.weightsFingerprint(), swap.weights());
        assertSame(second, batcher.network());
        Thread.sleep(2);
        swap.back(Carry.KEEP);
        assertSame(first, batcher.network());
      }
      load.join();
      assertEquals(List.of(), wrong);
      assertEquals(0, batcher.stats().failures());
    }
  }

  @Test
  void aNetworkThatDoesNotPassItsProbeDoesNotTakeOver() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, Streams.IN), new LSTM(6).named("lstm"),
        new Dense(Streams.OUT).named("head"));
    model.initialize(1);
    List<Tensor> head = model.layer("head").weights();
    head.set(1, Tensor.of(new float[] {0, Float.NaN}, 2));
    model.layer("head").weights(head);
    Network broken = model.freeze();
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(first).build()) {
      StateException refused = assertThrows(StateException.class, () -> batcher.swap(broken, Carry.RESET));
      assertTrue(refused.getMessage().contains("NaN"), refused.getMessage());
      float[] x = new float[2 * Streams.IN];
      float[] y = new float[2 * Streams.OUT];
      Session session = second.session(1);
      float[] one = new float[Streams.OUT];
      for (int step = 0; step < 2; step++) {
        System.arraycopy(input(1, step), 0, x, step * Streams.IN, Streams.IN);
        session.step(input(1, step), one);
        System.arraycopy(one, 0, y, step * Streams.OUT, Streams.OUT);
      }
      Probe recorded = Probe.finite().expect(x, y, 1e-6f);
      assertThrows(StateException.class, () -> batcher.swap(Streams.network(3), Carry.KEEP, recorded));
      assertThrows(ShapeException.class, () -> batcher.swap(second, Carry.KEEP, Probe.finite().expect(x, new float[1], 0)));
      assertSame(first, batcher.network());
      batcher.swap(second, Carry.KEEP, recorded);
      assertSame(second, batcher.network());
    }
  }

  @Test
  void refusedIsRefusedForAllShards() {
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(first).shards(4).build()) {
      batcher.submit(1, input(1, 0)).join();
      assertThrows(StateException.class, () -> batcher.swap(second, Carry.REFUSE));
      assertThrows(RuntimeException.class, () -> batcher.swap(second, Carry.REPLAY));
      assertThrows(StateException.class, () -> batcher.swap(Streams.network(1, 9), Carry.KEEP));
      for (int key = 0; key < 20; key++) {
        assertEquals(first.weightsFingerprint(), batcher.submit(key, input(key, 0)).join().weights());
      }
      batcher.swap(Streams.network(1, 9), Carry.RESET);
      assertEquals(Streams.network(1, 9).weightsFingerprint(), batcher.submit(1, input(1, 0)).join().weights());
    }
  }

  @Test
  void theOldWeightsCanBeCollected() throws Exception {
    Network old = Streams.network(7);
    WeakReference<Network> reference = new WeakReference<>(old);
    try (SequenceBatcher<Integer> batcher = SequenceBatcher.<Integer>builder(old).shards(2).build()) {
      old = null;
      for (int key = 0; key < 10; key++) {
        batcher.submit(key, input(key, 0)).join();
      }
      batcher.swap(second, Carry.KEEP);
      for (int tries = 0; tries < 100 && reference.get() != null; tries++) {
        System.gc();
        Thread.sleep(10);
      }
      assertNull(reference.get());
    }
  }
}
