package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Network;
import dev.rill.Samples;
import dev.rill.Session;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.StateException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StoredStreamsTest {
  private final Network network = Streams.network(1);
  private final Network trained = Streams.network(2);

  private static float[] input(int stream, int step) {
    float[] x = new float[Streams.IN];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) Math.sin(stream * 7 + step * 3 + i);
    }
    return x;
  }

  /** What a session of its own says at the end of some steps. */
  private static float[] alone(Network network, int stream, int from, int to) {
    Session session = network.session(1);
    float[] y = new float[Streams.OUT];
    for (int step = from; step < to; step++) {
      session.step(input(stream, step), y);
    }
    return y;
  }

  private static byte[] after(StoredStreams streams, int stream, int steps) {
    streams.begin(0);
    for (int step = 0; step < steps; step++) {
      streams.run(0, 1, input(stream, step), new float[Streams.OUT]);
    }
    byte[] bytes = new byte[streams.maxBytes()];
    return Arrays.copyOf(bytes, streams.save(0, bytes, 0));
  }

  @Test
  void streamsTakeTurnsInARowAsIfEachWereAlone() {
    StoredStreams streams = StoredStreams.of(network, 1);
    byte[][] stored = new byte[3][];
    float[] y = new float[Streams.OUT];
    for (int step = 0; step < 5; step++) {
      for (int stream = 0; stream < 3; stream++) {
        if (stored[stream] == null) {
          streams.begin(0);
          stored[stream] = new byte[streams.maxBytes()];
        } else {
          assertEquals(stored[stream].length, streams.load(0, stored[stream], 0, Carry.REFUSE));
        }
        streams.run(0, 1, input(stream, step), y);
        assertEquals(stored[stream].length, streams.save(0, stored[stream], 0));
        Samples.assertBits(alone(network, stream, 0, step + 1), y, "stream " + stream + ", step " + step);
      }
    }
  }

  @Test
  void severalRideInOneBatch() {
    StoredStreams streams = StoredStreams.of(network, 4);
    byte[][] stored = {after(streams, 0, 2), after(streams, 1, 3), after(streams, 2, 4)};
    float[] x = new float[3 * Streams.IN];
    for (int row = 0; row < 3; row++) {
      streams.load(row, stored[row], 0, Carry.REFUSE);
      System.arraycopy(input(row, row + 2), 0, x, row * Streams.IN, Streams.IN);
    }
    float[] y = new float[3 * Streams.OUT];
    streams.step(3, x, y);
    for (int row = 0; row < 3; row++) {
      Samples.assertBits(alone(network, row, 0, row + 3), Arrays.copyOfRange(y, row * Streams.OUT, (row + 1) * Streams.OUT), "row " + row);
      byte[] bytes = new byte[streams.maxBytes()];
      streams.save(row, bytes, 0);
      assertArrayEquals(after(streams, row, row + 3), bytes, "equal streams, equal bytes");
      streams.load(row, bytes, 0, Carry.REFUSE);
    }
  }

  @Test
  void aStreamThatWasResetReplaysWhatItHasReadSince() {
    StoredStreams streams = StoredStreams.of(network, 1).keepInputs(3);
    byte[] stored = after(streams, 1, 8);
    streams.swap(trained, Carry.RESET);
    streams.load(0, stored, 0, Carry.RESET);
    streams.run(0, 1, input(1, 8), new float[Streams.OUT]);
    streams.save(0, stored, 0);
    streams.swap(network, Carry.REPLAY);
    streams.load(0, stored, 0, Carry.REPLAY);
    float[] y = new float[Streams.OUT];
    streams.run(0, 1, input(1, 9), y);
    Samples.assertBits(alone(network, 1, 8, 10), y, "of the inputs since it was reset");
  }

  @Test
  void aPoolReadsTheSameBytes() {
    StoredStreams streams = StoredStreams.of(network, 1).keepInputs(3);
    StreamPool<String> pool = StreamPool.<String>of(network, 2).keepInputs(3);
    pool.load("a", after(streams, 1, 4), 0, Carry.REFUSE);
    float[] y = new float[Streams.OUT];
    pool.step("a", input(1, 4), y);
    Samples.assertBits(alone(network, 1, 0, 5), y, "from stored bytes");
  }

  @Test
  void otherWeightsAndOtherStructuresTakeStoredStreamsAsThePolicySays() {
    for (Network next : new Network[] {trained, Streams.network(3, 20)}) {
      boolean sameStructure = next == trained;
      for (Carry carry : Carry.values()) {
        StoredStreams streams = StoredStreams.of(network, 2).keepInputs(3);
        byte[] stored = after(streams, 1, 8);
        streams.swap(next, Carry.RESET);
        float[] y = new float[Streams.OUT];
        streams.run(0, 1, input(1, 8), y);
        Samples.assertBits(alone(next, 1, 8, 9), y, "rows are at zero after a swap");
        if (carry == Carry.REFUSE || carry == Carry.KEEP && !sameStructure) {
          assertThrows(StateException.class, () -> streams.load(1, stored, 0, carry));
          continue;
        }
        streams.load(1, stored, 0, carry);
        streams.run(1, 1, input(1, 8), y);
        if (carry != Carry.KEEP) {
          Samples.assertBits(alone(next, 1, carry == Carry.REPLAY ? 5 : 8, 9), y, carry.toString());
        } else {
          Session kept = next.session(1);
          Session old = network.session(1);
          for (int step = 0; step < 8; step++) {
            old.step(input(1, step), new float[Streams.OUT]);
          }
          kept.stateOfOtherWeights(old.state());
          float[] expected = new float[Streams.OUT];
          kept.step(input(1, 8), expected);
          Samples.assertBits(expected, y, "kept");
        }
      }
    }
  }

  @Test
  void aSwapThatCannotBeCarriedOutChangesNothing() {
    Network larger = Streams.network(3, 20);
    StoredStreams streams = StoredStreams.of(network, 1);
    byte[] stored = after(streams, 1, 8);
    for (Carry carry : new Carry[] {Carry.KEEP, Carry.REFUSE}) {
      assertTrue(assertThrows(StateException.class, () -> streams.swap(larger, carry)).getMessage().contains("RESET or REPLAY"));
    }
    assertThrows(RillException.class, () -> streams.swap(trained, Carry.REPLAY), "nothing to replay");
    assertThrows(RillException.class, () -> streams.swap(trained, null));
    assertThrows(RillException.class, () -> streams.swap(null, Carry.RESET));
    assertEquals(network, streams.network());
    byte[] now = new byte[streams.maxBytes()];
    assertArrayEquals(stored, Arrays.copyOf(now, streams.save(0, now, 0)));
    streams.swap(trained, Carry.KEEP);
    streams.swap(larger, Carry.RESET);
    assertEquals(larger, streams.network());
  }

  @Test
  void bytesSayWhichWeightsWroteThem() {
    for (Network each : new Network[] {network, trained, Streams.network(3, 20)}) {
      byte[] stored = after(StoredStreams.of(each, 1), 1, 2);
      byte[] behind = new byte[stored.length + 5];
      System.arraycopy(stored, 0, behind, 5, stored.length);
      assertEquals(each.weightsFingerprint(), StoredStreams.weights(behind, 5));
      for (int at : new int[] {-1, behind.length - 11, behind.length, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        assertThrows(StateException.class, () -> StoredStreams.weights(behind, at));
      }
    }
  }

  @Test
  void whatIsNoStreamIsRefusedAndChangesNothing() {
    StoredStreams streams = StoredStreams.of(network, 1).keepInputs(3);
    byte[] stored = after(streams, 1, 8);
    for (Carry carry : Carry.values()) {
      for (int length = 0; length < stored.length; length++) {
        byte[] cut = Arrays.copyOf(stored, length);
        assertThrows(StateException.class, () -> streams.load(0, cut, 0, carry), carry + " of " + length + " bytes");
      }
      for (int claim : new int[] {-1, 0, 7, 8, stored.length, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        byte[] wrong = stored.clone();
        for (int i = 0; i < 4; i++) {
          wrong[i] = (byte) (claim >> 8 * i);
        }
        assertThrows(StateException.class, () -> streams.load(0, wrong, 0, carry), carry + " of a row of " + claim);
      }
      assertThrows(StateException.class, () -> streams.load(0, stored, -1, carry));
      assertThrows(StateException.class, () -> streams.load(0, stored, Integer.MAX_VALUE, carry));
    }
    assertThrows(ShapeException.class, () -> streams.load(1, stored, 0, Carry.REFUSE));
    assertThrows(ShapeException.class, () -> streams.begin(-1));
    assertThrows(ShapeException.class, () -> streams.step(2, new float[2 * Streams.IN], new float[2 * Streams.OUT]));
    assertThrows(ShapeException.class, () -> StoredStreams.of(network, 0));
    byte[] now = new byte[streams.maxBytes()];
    assertArrayEquals(stored, Arrays.copyOf(now, streams.save(0, now, 0)));
    assertTrue(streams.toString().contains("1 rows"), streams.toString());
  }
}
