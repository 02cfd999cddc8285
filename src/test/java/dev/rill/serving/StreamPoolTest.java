package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.Session;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamPoolTest {
  private final Network network = Streams.network(1);
  private final Network trained = Streams.network(2);

  private static float[] input(int key, int step) {
    return Samples.floats(1000L * key + step, Streams.IN, 1);
  }

  /** What a stream of its own answers to its steps from one to another. */
  private static float[] alone(Network network, int key, int from, int to) {
    Session session = network.session(1);
    float[] y = new float[Streams.OUT];
    for (int step = from; step < to; step++) {
      session.step(input(key, step), y);
    }
    return y;
  }

  private static float[] steps(StreamPool<Integer> pool, int key, int from, int to) {
    float[] y = new float[Streams.OUT];
    for (int step = from; step < to; step++) {
      pool.step(key, input(key, step), y);
    }
    return y;
  }

  @Test
  void everyStreamIsAsIfItWereAlone() {
    StreamPool<Integer> pool = StreamPool.of(network, 30);
    Map<Integer, Session> alone = new HashMap<>();
    Random random = new Random(1);
    float[] y = new float[8 * Streams.OUT];
    float[] expected = new float[Streams.OUT];
    for (int call = 0; call < 600; call++) {
      List<Integer> chosen = random.ints(0, 30).distinct().limit(1 + random.nextInt(8)).boxed().toList();
      Integer[] keys = chosen.toArray(new Integer[0]);
      float[] x = Samples.floats(call, keys.length * Streams.IN, 1);
      if (keys.length == 1) {
        assertEquals(!alone.containsKey(keys[0]), pool.step(keys[0], x, y));
      } else {
        pool.step(keys, keys.length, x, y);
      }
      for (int i = 0; i < keys.length; i++) {
        alone.computeIfAbsent(keys[i], key -> network.session(1))
            .step(Arrays.copyOfRange(x, i * Streams.IN, (i + 1) * Streams.IN), expected);
        Samples.assertBits(expected, 0, y, i * Streams.OUT, Streams.OUT, "call " + call);
      }
      if (random.nextInt(10) == 0) {
        int gone = random.nextInt(30);
        assertEquals(alone.remove(gone) != null, pool.end(gone));
      }
      assertEquals(alone.size(), pool.size());
    }
  }

  @Test
  void severalStepsAtOnceAreTheSameAsOneByOne() {
    StreamPool<Integer> pool = StreamPool.of(network, 2);
    float[] x = new float[5 * Streams.IN];
    for (int step = 0; step < 5; step++) {
      System.arraycopy(input(7, step), 0, x, step * Streams.IN, Streams.IN);
    }
    float[] y = new float[Streams.OUT];
    assertTrue(pool.run(7, 5, x, y));
    Samples.assertBits(alone(network, 7, 0, 5), y, "five steps");
  }

  @Test
  void aStreamGoesThroughBytesToTheBit() {
    StreamPool<Integer> pool = StreamPool.<Integer>of(network, 3).keepInputs(4);
    steps(pool, 1, 0, 9);
    byte[] bytes = new byte[5 + pool.maxBytes()];
    int end = pool.save(1, bytes, 5);
    assertEquals(bytes.length, end);
    StreamPool<Integer> other = StreamPool.<Integer>of(network, 3).keepInputs(2);
    assertEquals(end, other.load(1, bytes, 5, Carry.REFUSE));
    Samples.assertBits(alone(network, 1, 0, 15), steps(other, 1, 9, 15), "continued");
    assertEquals(-1, pool.save(2, bytes, 0));
  }

  @Test
  void nothingHasChangedWhenSomethingIsRefused() {
    StreamPool<Integer> pool = StreamPool.of(network, 2);
    steps(pool, 1, 0, 3);
    State before = pool.state(1);
    float[] y = new float[3 * Streams.OUT];
    float[] x = new float[3 * Streams.IN];
    assertThrows(ShapeException.class, () -> pool.step(5, new float[Streams.IN - 1], y));
    assertThrows(ShapeException.class, () -> pool.step(new Integer[] {5, 1, 5}, 3, x, y));
    assertThrows(ShapeException.class, () -> pool.step(new Integer[] {5, 1}, 2, new float[1], y));
    assertThrows(ShapeException.class, () -> pool.step(new Integer[] {5, 1}, 3, x, y));
    assertThrows(StateException.class, () -> pool.step(new Integer[] {5, 6, 7}, 3, x, y));
    assertEquals(1, pool.size());
    assertFalse(pool.contains(5));
    Samples.assertBits(before, pool.state(1), "the other stream");
    steps(pool, 2, 0, 1);
    StateException full = assertThrows(StateException.class, () -> steps(pool, 3, 0, 1));
    assertTrue(full.getMessage().contains("full"), full.getMessage());
    assertNull(pool.state(3));
  }

  @Test
  void idleStreamsLeaveOnceTheLongestUnusedFirst() {
    StreamPool<Integer> pool = StreamPool.of(network, 5);
    for (int key = 0; key < 5; key++) {
      pool.now(key);
      steps(pool, key, 0, 2);
    }
    pool.now(5);
    steps(pool, 1, 2, 3);
    List<Integer> left = new ArrayList<>();
    Map<Integer, byte[]> states = new HashMap<>();
    Eviction<Integer> sink = (key, state, length) -> {
      left.add(key);
      states.put(key, Arrays.copyOf(state, length));
    };
    assertEquals(3, pool.expire(9, 6, sink));
    assertEquals(List.of(0, 2, 3), left);
    assertEquals(0, pool.expire(9, 6, sink));
    pool.load(2, states.get(2), 0, Carry.REFUSE);
    Samples.assertBits(alone(network, 2, 0, 6), steps(pool, 2, 2, 6), "one that returns");
  }

  @Test
  void aStreamStaysIfItsSinkFails() {
    StreamPool<Integer> pool = StreamPool.of(network, 2);
    steps(pool, 1, 0, 3);
    assertThrows(IllegalStateException.class, () -> pool.expire(10, 1, (key, state, length) -> {
      throw new IllegalStateException("no room");
    }));
    Samples.assertBits(alone(network, 1, 0, 5), steps(pool, 1, 3, 5), "goes on");
  }

  @Test
  void withAStoreThereAreMoreStreamsThanRoom() {
    Streams.Store<Integer> store = new Streams.Store<>();
    StreamPool<Integer> pool = StreamPool.<Integer>of(network, 3).store(store, Carry.REFUSE);
    for (int step = 0; step < 6; step++) {
      for (int key = 0; key < 10; key++) {
        Samples.assertBits(alone(network, key, 0, step + 1), steps(pool, key, step, step + 1), "stream " + key);
      }
    }
    assertEquals(3, pool.size());
    assertEquals(7, store.states.size());
    assertTrue(pool.end(0) && pool.end(9));
    assertFalse(pool.end(0));
    assertEquals(6, store.states.size());
    float[] y = new float[4 * Streams.OUT];
    assertThrows(StateException.class, () -> pool.step(new Integer[] {1, 2, 3, 4}, 4, new float[4 * Streams.IN], y));
    Samples.assertBits(alone(network, 1, 0, 7), steps(pool, 1, 6, 7), "after a refusal");
  }

  @Test
  void aStreamIsInThePoolOrInItsStoreAndNotInBoth() {
    Streams.Store<Integer> store = new Streams.Store<>();
    StreamPool<Integer> pool = StreamPool.<Integer>of(network, 3).store(store, Carry.REFUSE);
    steps(pool, 1, 0, 2);
    byte[] saved = new byte[network.rowBytes() + 1000];
    pool.save(1, saved, 0);
    pool.expire(1, 0, null);
    assertEquals(1, store.states.size());
    pool.load(1, saved, 0, Carry.REFUSE);
    assertEquals(0, store.states.size(), "taken in over what the store has");
    assertThrows(IllegalStateException.class, () -> pool.expire(1, 0, (key, state, length) -> {
      throw new IllegalStateException("on purpose");
    }));
    assertEquals(1, pool.size());
    assertEquals(0, store.states.size(), "handed out in vain");
    assertTrue(pool.end(1));
    Samples.assertBits(alone(network, 1, 0, 1), steps(pool, 1, 0, 1), "begins at zero");
  }

  @Test
  void whatAStoreHasOfALargerNetworkCanStillBeEnded() {
    Streams.Store<Integer> store = new Streams.Store<>();
    StreamPool<Integer> pool = StreamPool.<Integer>of(Streams.network(3, 40), 3).store(store, Carry.REFUSE);
    steps(pool, 1, 0, 1);
    pool.expire(1, 0, null);
    pool.swap(network, Carry.RESET);
    assertTrue(pool.end(1));
    assertFalse(pool.end(1));
  }

  @Test
  void otherWeightsTakeOverAsThePolicySays() {
    for (Carry carry : Carry.values()) {
      StreamPool<Integer> pool = StreamPool.<Integer>of(network, 4).keepInputs(5);
      for (int key = 0; key < 3; key++) {
        steps(pool, key, 0, 8);
      }
      if (carry == Carry.REFUSE) {
        assertThrows(StateException.class, () -> pool.swap(trained, carry));
        Samples.assertBits(alone(network, 1, 0, 9), steps(pool, 1, 8, 9), "refused");
        continue;
      }
      State old = pool.state(1);
      pool.swap(trained, carry);
      Session expected = trained.session(1);
      if (carry == Carry.KEEP) {
        expected.stateOfOtherWeights(old);
      }
      float[] y = new float[Streams.OUT];
      for (int step = carry == Carry.REPLAY ? 3 : 8; step < 11; step++) {
        expected.step(input(1, step), y);
      }
      Samples.assertBits(y, steps(pool, 1, 8, 11), carry.toString());
      // One that nobody has used since is saved as what it has become.
      byte[] bytes = new byte[pool.maxBytes()];
      pool.save(2, bytes, 0);
      StreamPool<Integer> later = StreamPool.<Integer>of(trained, 4).keepInputs(5);
      later.load(2, bytes, 0, Carry.REFUSE);
      Samples.assertBits(steps(pool, 2, 8, 10), steps(later, 2, 8, 10), carry + ", saved");
    }
  }

  @Test
  void anotherStructureCanOnlyBeginAnew() {
    Network wider = Streams.network(3, 20);
    StreamPool<Integer> pool = StreamPool.<Integer>of(network, 4).keepInputs(2);
    steps(pool, 1, 0, 4);
    assertThrows(StateException.class, () -> pool.swap(wider, Carry.KEEP));
    pool.swap(wider, Carry.REPLAY);
    Samples.assertBits(alone(wider, 1, 2, 6), steps(pool, 1, 4, 6), "replayed");
  }

  @Test
  void aStreamThatWasResetReplaysWhatItHasReadSince() {
    StreamPool<Integer> pool = StreamPool.<Integer>of(network, 4).keepInputs(5);
    steps(pool, 1, 0, 4);
    steps(pool, 2, 0, 4);
    pool.swap(trained, Carry.RESET);
    steps(pool, 1, 4, 6);
    pool.swap(network, Carry.REPLAY);
    Samples.assertBits(alone(network, 1, 4, 8), steps(pool, 1, 6, 8), "read some between");
    Samples.assertBits(alone(network, 2, 4, 6), steps(pool, 2, 4, 6), "slept through both");
  }

  @Test
  void aStoreOrSinkCannotChangeThePoolThatCallsIt() {
    StreamPool<Integer> pool = StreamPool.of(network, 2);
    float[] y = new float[Streams.OUT];
    List<Runnable> changes = List.of(() -> pool.step(9, input(9, 0), y), () -> pool.run(1, 1, input(1, 0), y),
        () -> pool.step(new Integer[] {9}, 1, input(9, 0), y), () -> pool.end(1), () -> pool.take(1),
        () -> pool.load(9, new byte[pool.maxBytes()], 0, Carry.KEEP), () -> pool.expire(100, 0, null), () -> pool.swap(trained, Carry.KEEP),
        () -> pool.store(null, Carry.KEEP));
    Runnable tryAll = () -> changes.forEach(change -> assertThrows(StateException.class, change::run));
    pool.store(new Streams.Store<>() {
      @Override
      public void put(Integer key, byte[] state, int length) {
        tryAll.run();
        super.put(key, state, length);
      }

      @Override
      public int get(Integer key, byte[] to) {
        tryAll.run();
        return super.get(key, to);
      }

      @Override
      public void remove(Integer key) {
        tryAll.run();
        super.remove(key);
      }
    }, Carry.REFUSE);
    for (int key = 1; key <= 4; key++) {
      steps(pool, key, 0, 3);
    }
    assertEquals(2, pool.expire(1000, 10, (key, state, length) -> tryAll.run()));
    for (int key = 1; key <= 4; key++) {
      assertArrayEquals(alone(network, key, 0, 5), steps(pool, key, 3, 5));
    }
  }
}
