package dev.rill.serving;

import dev.rill.Network;
import dev.rill.Session;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The states of a pool by row: what a row keeps, its last inputs, and whether its weights have been replaced since. As bytes,
 * little-endian: int length of the row; the row as {@link Session#save} writes it; its inputs as {@link InputHistory} does.
 */
final class RowStates {
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LENGTH = Integer.BYTES;
  /** What every row begins with: fingerprints of its structure and of its weights. */
  private static final int FINGERPRINTS = 2 * Integer.BYTES;

  private final int count;
  private final int in;
  private final int out;
  private Network network;
  private Session session;
  private InputHistory history;
  private StaleRows stale = StaleRows.NONE;
  private int rowBytes;
  private int structure;

  RowStates(Network network, int count) {
    if (network.inputs() != 1 || network.outputs() != 1) {
      throw new ShapeException("a pool serves models of one input and one output, this one has " + network.inputs() + " and "
          + network.outputs() + ": use sessions");
    }
    this.network = network;
    this.count = count;
    in = network.inputFeatures(0);
    out = network.outputFeatures(0);
    session = network.session(count);
    measure();
    keepInputs(0);
  }

  private void measure() {
    rowBytes = network.rowBytes();
    structure = network.structureFingerprint();
  }

  void keepInputs(int most) {
    history = new InputHistory(count, most, in, out);
  }

  Network network() {
    return network;
  }

  /** Begins a row at zero. */
  void begin(int row) {
    session.reset(row);
    history.clear(row);
    stale.clear(row);
  }

  /** To be called before a row is stepped or looked at. */
  void renew(int row) {
    if (stale.has(row)) {
      stale.renew(row, session, history);
    }
  }

  void step(int[] rows, int n, float[] packedX, float[] packedY) {
    session.step(rows, n, packedX, packedY);
    for (int i = 0; i < n; i++) {
      history.add(rows[i], packedX, i * in);
    }
  }

  /** Some steps of the row that stands in an array of one. */
  void run(int[] row, int steps, float[] x, float[] y) {
    session.run(row, 1, steps, x, y);
    for (int step = Math.max(0, steps - history.most()); step < steps; step++) {
      history.add(row[0], x, step * in);
    }
  }

  State get(int row) {
    renew(row);
    return session.state(row);
  }

  /** Most bytes of a row. */
  int maxBytes() {
    return LENGTH + rowBytes + history.bytes();
  }

  /** Writes a row and its inputs; returns the position behind them. */
  int save(int row, byte[] to, int at) {
    if (maxBytes() > Require.given(to, "the bytes").length - Math.max(0L, at) || at < 0) {
      throw new ShapeException("a stream takes up to " + maxBytes() + " bytes from " + at + " on, the array has " + to.length);
    }
    renew(row);
    INT.set(to, at, rowBytes);
    return history.save(row, to, session.save(row, to, at + LENGTH));
  }

  /** Refuses what {@link #load} cannot take; returns the position behind it. */
  int check(byte[] from, int at, Carry carry) {
    checkReplay(carry);
    long left = Require.given(from, "the bytes").length - Math.max(0L, at) - LENGTH;
    int length = at < 0 || left < FINGERPRINTS ? -1 : (int) INT.get(from, at);
    boolean fits = isOfThisStructure(from, at, length);
    if (length < FINGERPRINTS || length > left || fits && length != rowBytes) {
      throw new StateException("these are no bytes of a stream: " + (left + LENGTH) + " from " + at + " on claim a row of " + length
          + ", the network keeps " + rowBytes);
    }
    if (!fits && carry != Carry.RESET && carry != Carry.REPLAY) {
      throw new StateException("the stream was written by a network of another structure, this one keeps " + network.planes()
          + ": say Carry.RESET or REPLAY, or load the network that wrote it");
    }
    if (fits && carry == Carry.REFUSE && !session.fits(from, at + LENGTH)) {
      throw new StateException("the stream was written with other weights: say Carry.KEEP, RESET or REPLAY if that is meant");
    }
    return history.check(from, at + LENGTH + length);
  }

  /** Fingerprint of the weights that wrote a row. */
  static int weights(byte[] from, int at) {
    if (Require.given(from, "the bytes").length - Math.max(0L, at) < LENGTH + FINGERPRINTS || at < 0) {
      throw new StateException("these are no bytes of a stream: " + from.length + " in all, read from " + at);
    }
    return (int) INT.get(from, at + LENGTH + Integer.BYTES);
  }

  private boolean isOfThisStructure(byte[] from, int at, int length) {
    return length >= FINGERPRINTS && (int) INT.get(from, at + LENGTH) == structure;
  }

  /** Takes in what {@link #check} has passed. */
  void load(int row, byte[] from, int at, Carry carry) {
    int length = (int) INT.get(from, at);
    stale.clear(row);
    history.load(row, from, at + LENGTH + length);
    if (isOfThisStructure(from, at, length) && (carry == Carry.KEEP || session.fits(from, at + LENGTH))) {
      session.loadOfOtherWeights(row, from, at + LENGTH);
      return;
    }
    session.reset(row);
    if (carry == Carry.REPLAY) {
      history.replay(session, row);
    } else {
      history.clear(row);
    }
  }

  void checkReplay(Carry carry) {
    if (Require.given(carry, "what becomes of states of other weights") == Carry.REPLAY && history.most() == 0) {
      throw new RillException("there are no inputs to replay: call keepInputs while the pool is empty");
    }
  }

  /** Checks a swap and takes what memory it needs; returns null where the states can stay where they are. */
  Session prepareSwap(Network next, Carry carry, int streams) {
    checkReplay(carry);
    if (Require.given(next, "the next network").inputs() != 1 || next.outputs() != 1 || next.inputFeatures(0) != in
        || next.outputFeatures(0) != out) {
      throw new ShapeException("the next network reads " + next.inputFeatures(0) + " features and writes " + next.outputFeatures(0)
          + ": expected " + in + " and " + out);
    }
    if (!next.streams()) {
      throw new StateException("the next network cannot be streamed: a layer of it needs the whole time axis");
    }
    if (next.weightsFingerprint() != network.weightsFingerprint() && carry == Carry.REFUSE && streams > 0) {
      throw new StateException(streams + " streams have states of other weights: say Carry.KEEP, RESET or REPLAY");
    }
    if (next.structureFingerprint() == structure) {
      return null;
    }
    if (carry != Carry.RESET && carry != Carry.REPLAY) {
      throw new StateException("the next network keeps " + next.planes() + ", this one " + network.planes()
          + ": states cannot go on, say Carry.RESET or REPLAY");
    }
    return next.session(count);
  }

  /** Carries out what has been prepared; returns false if the states stay as they are. */
  boolean swap(Network next, Session prepared, Carry carry) {
    boolean begins = next.weightsFingerprint() != network.weightsFingerprint() && carry != Carry.KEEP;
    session = prepared == null ? session.moveTo(next) : prepared;
    network = next;
    measure();
    if (begins) {
      if (carry != Carry.REPLAY) {
        history.clear();
      }
      stale = new StaleRows(count, carry == Carry.REPLAY);
    }
    return begins;
  }
}
