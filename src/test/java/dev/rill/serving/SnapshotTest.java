package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.tensor.FormatException;
import dev.rill.tensor.RillException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir
  Path folder;

  private final Network network = Streams.network(1);

  private static void step(StreamPool<String> pool, String key, int step) {
    pool.step(key, Samples.floats(31L * key.hashCode() + step, Streams.IN, 1), new float[Streams.OUT]);
  }

  private static Map<String, State> states(StreamPool<String> pool, int keys) {
    Map<String, State> states = new HashMap<>();
    for (int key = 0; key < keys; key++) {
      State state = pool.state("k" + key);
      if (state != null) {
        states.put("k" + key, state);
      }
    }
    return states;
  }

  private static void assertSame(Map<String, State> expected, Map<String, State> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((key, state) -> Samples.assertBits(state, actual.get(key), key));
  }

  private StreamPool<String> pool(int streams) {
    return StreamPool.<String>of(network, streams).keepInputs(2);
  }

  @Test
  void aPoolComesBackFromAFileAndFromThoseThatGoOnFromIt() throws IOException {
    Random random = new Random(1);
    StreamPool<String> pool = pool(700);
    Path[] files = {folder.resolve("all"), folder.resolve("more"), folder.resolve("last")};
    Snapshot.Mark mark = null;
    for (Path file : files) {
      for (int i = 0; i < 900; i++) {
        String key = "k" + random.nextInt(file == files[0] ? 700 : 200);
        if (random.nextInt(5) == 0) {
          pool.end(key);
        } else {
          step(pool, key, i);
        }
      }
      Snapshot snapshot = pool.snapshot(file, KeyCodec.STRINGS, mark);
      assertEquals(Files.size(file), snapshot.bytes());
      assertTrue(mark == null ? snapshot.streams() == pool.size() : snapshot.streams() < pool.size());
      mark = snapshot.mark();
      StreamPool<String> restored = pool(700);
      List<Path> chain = List.of(files).subList(0, Arrays.asList(files).indexOf(file) + 1);
      assertEquals(pool.size(), restored.restore(chain, KeyCodec.STRINGS, Carry.REFUSE));
      assertSame(states(pool, 700), states(restored, 700));
    }
    StreamPool<String> other = pool(700);
    assertThrows(FormatException.class, () -> other.restore(List.of(files[1]), KeyCodec.STRINGS, Carry.KEEP));
    assertThrows(FormatException.class, () -> other.restore(List.of(files[0], files[2]), KeyCodec.STRINGS, Carry.KEEP));
    assertEquals(0, other.size());
  }

  @Test
  void statesOfOtherWeightsComeBackAsThePolicySays() throws IOException {
    StreamPool<String> pool = pool(3);
    for (int step = 0; step < 5; step++) {
      step(pool, "k1", step);
    }
    Path file = folder.resolve("all");
    pool.snapshot(file, KeyCodec.STRINGS, null);
    StreamPool<String> next = StreamPool.<String>of(Streams.network(2), 3).keepInputs(2);
    assertThrows(StateException.class, () -> next.restore(List.of(file), KeyCodec.STRINGS, Carry.REFUSE));
    assertEquals(0, next.size());
    next.restore(List.of(file), KeyCodec.STRINGS, Carry.KEEP);
    assertSame(states(pool, 3), states(next, 3));
    next.restore(List.of(file), KeyCodec.STRINGS, Carry.REPLAY);
    step(next, "k2", 0);
    step(next, "k3", 0);
    // There is room for a stream that has a row already.
    next.restore(List.of(file), KeyCodec.STRINGS, Carry.REPLAY);
    next.end("k2");
    next.end("k3");
    StreamPool<String> replayed = StreamPool.of(Streams.network(2), 3);
    step(replayed, "k1", 3);
    step(replayed, "k1", 4);
    assertSame(states(replayed, 3), states(next, 3));
  }

  @Test
  void nothingIsTakenFromAFileThatIsNotWholeOrDoesNotFit() throws IOException {
    StreamPool<String> pool = pool(40);
    for (int key = 0; key < 40; key++) {
      step(pool, "k" + key, 0);
    }
    Path file = folder.resolve("all");
    pool.snapshot(file, KeyCodec.STRINGS, null);
    byte[] whole = Files.readAllBytes(file);
    StreamPool<String> other = pool(40);
    Path damaged = folder.resolve("damaged");
    for (int length = 0; length < whole.length; length += 37) {
      Files.write(damaged, Arrays.copyOf(whole, length));
      assertThrows(FormatException.class, () -> other.restore(List.of(damaged), KeyCodec.STRINGS, Carry.KEEP));
    }
    for (int at = 0; at < whole.length; at += 11) {
      byte[] wrong = whole.clone();
      wrong[at] ^= 4;
      Files.write(damaged, wrong);
      assertThrows(FormatException.class, () -> other.restore(List.of(damaged), KeyCodec.STRINGS, Carry.KEEP), "byte " + at);
    }
    Files.write(damaged, Arrays.copyOf(whole, whole.length + 1));
    assertThrows(FormatException.class, () -> other.restore(List.of(damaged), KeyCodec.STRINGS, Carry.KEEP));
    assertEquals(0, other.size());
    StreamPool<String> small = pool(39);
    RillException full = assertThrows(StateException.class, () -> small.restore(List.of(file), KeyCodec.STRINGS, Carry.KEEP));
    assertTrue(full.getMessage().contains("maxStreams"), full.getMessage());
    assertEquals(0, small.size());
    StreamPool<String> wider = StreamPool.of(Streams.network(1, 9), 50);
    assertThrows(StateException.class, () -> wider.restore(List.of(file), KeyCodec.STRINGS, Carry.KEEP));
    assertEquals(0, wider.size());
    assertEquals(40, wider.restore(List.of(file), KeyCodec.STRINGS, Carry.RESET), "of another structure, at zero");
  }

  @Test
  void aFileThatCannotBeWrittenLeavesTheOldOne() throws IOException {
    StreamPool<String> pool = pool(3);
    step(pool, "k1", 0);
    Path file = folder.resolve("all");
    pool.snapshot(file, KeyCodec.STRINGS, null);
    byte[] before = Files.readAllBytes(file);
    step(pool, "k2", 0);
    KeyCodec<String> failing = new KeyCodec<>() {
      @Override
      public byte[] toBytes(String key) {
        throw new IllegalStateException("on purpose");
      }

      @Override
      public String fromBytes(byte[] bytes) {
        return "";
      }
    };
    assertThrows(IllegalStateException.class, () -> pool.snapshot(file, failing, null));
    assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
    try (var left = Files.list(folder)) {
      assertEquals(1, left.count());
    }
  }

  /** While steps are submitted: each stream is in the file as it was after some whole number of its steps. */
  @Test
  void aSnapshotUnderLoadHasEachStreamAsItWasAtSomeMoment() throws Exception {
    int keys = 300;
    Streams.Store<Long> store = new Streams.Store<>();
    for (boolean stored : new boolean[] {false, true}) {
      BatcherBuilder<Long> builder = SequenceBatcher.<Long>builder(network).shards(2).maxStreams(stored ? 100 : keys).maxBatch(8)
          .queue(64, WhenFull.BLOCK);
      Path file = folder.resolve("all");
      AtomicInteger steps = new AtomicInteger();
      AtomicBoolean done = new AtomicBoolean();
      try (SequenceBatcher<Long> batcher = (stored ? builder.store(store, Carry.REFUSE) : builder).build()) {
        Thread load = new Thread(() -> {
          while (!done.get()) {
            int step = steps.getAndIncrement();
            for (long key = 0; key < keys; key++) {
              batcher.submit(key, Samples.floats(1000 * key + step, Streams.IN, 1), new float[Streams.OUT], (k, y, w, f) -> {});
            }
          }
        });
        load.start();
        while (steps.get() < 3) {
          Thread.onSpinWait();
        }
        Snapshot first = batcher.snapshot(file, KeyCodec.LONGS, null);
        Snapshot second = batcher.snapshot(folder.resolve("more"), KeyCodec.LONGS, first.mark());
        done.set(true);
        load.join();
        assertTrue(stored || first.streams() == keys);
        // Beside a store a stream that comes and goes meanwhile stands in the file each time: what the rows of both shards, at most
        // 100 each, have at first, in each round and in the last one.
        int most = stored ? (SnapshotWriter.MOST_ROUNDS + 2) * 2 * 100 : keys;
        assertTrue(second.streams() <= most, second::toString);
      }
      StreamPool<Long> restored = StreamPool.of(network, keys);
      restored.restore(List.of(file, folder.resolve("more")), KeyCodec.LONGS, Carry.REFUSE);
      for (long key = 0; key < keys; key++) {
        State state = restored.state(key);
        if (state == null) {
          // It rests in the store, or came back from there after the snapshot.
          assertTrue(stored);
          continue;
        }
        assertTrue(isAState(key, state, steps.get()), "stream " + key);
      }
    }
  }

  private boolean isAState(long key, State state, int steps) {
    StreamPool<Long> alone = StreamPool.of(network, 1);
    for (int step = 0; step < steps; step++) {
      alone.step(key, Samples.floats(1000 * key + step, Streams.IN, 1), new float[Streams.OUT]);
      if (Arrays.equals(alone.state(key).toBytes(), state.toBytes())) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aBatcherGoesOnWhereItsFileEnds() throws Exception {
    Path file = folder.resolve("all");
    float[][] last = new float[50][];
    try (SequenceBatcher<String> batcher = SequenceBatcher.<String>builder(network).shards(3).maxStreams(50).build()) {
      for (int step = 0; step < 4; step++) {
        for (int key = 0; key < 50; key++) {
          batcher.submit("k" + key, Samples.floats(100 * key + step, Streams.IN, 1)).join();
        }
      }
      assertEquals(50, batcher.snapshot(file, KeyCodec.STRINGS, null).streams());
      for (int key = 0; key < 50; key++) {
        last[key] = batcher.submit("k" + key, Samples.floats(key, Streams.IN, 1)).join().y();
      }
    }
    try (SequenceBatcher<String> later = SequenceBatcher.<String>builder(network).shards(2).maxStreams(50).build()) {
      assertEquals(50, later.restore(List.of(file), KeyCodec.STRINGS, Carry.REFUSE));
      for (int key = 0; key < 50; key++) {
        Samples.assertBits(last[key], later.submit("k" + key, Samples.floats(key, Streams.IN, 1)).join().y(), "stream " + key);
      }
      assertFalse(later.stats().streams() < 50);
    }
  }
}
