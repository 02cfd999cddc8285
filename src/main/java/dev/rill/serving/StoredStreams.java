package dev.rill.serving;

import dev.rill.Network;
import dev.rill.tensor.Require;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.State;
import dev.rill.tensor.StateException;

/**
 * Steps streams whose states are kept as bytes elsewhere: by the state store of an engine, a cache, a data base. Each call works on
 * rows: a row is begun, or loaded from a stream's bytes; it is stepped, alone or with others in one batch; it is saved. No stream stays
 * behind, so that who owns the bytes owns the stream.
 *
 * <p>For one thread at a time. Nothing but {@link #swap} allocates. A load and a save cost some 0.4 µs together for 32 units and
 * 1.2 µs for 256.
 *
 * <pre>{@code
 * StoredStreams streams = StoredStreams.of(network, 1);
 * byte[] bytes = store.get(key);
 * if (bytes == null) {
 *   streams.begin(0);
 *   bytes = new byte[streams.maxBytes()];
 * } else {
 *   streams.load(0, bytes, 0, Carry.REFUSE);
 * }
 * streams.run(0, 1, x, y);
 * streams.save(0, bytes, 0);
 * store.put(key, bytes);
 * }</pre>
 */
public final class StoredStreams {
  private final int rows;
  private final RowStates states;
  private final int[] one = new int[1];
  /** The row indices from 0 on. */
  private final int[] first;

  private StoredStreams(Network network, int rows) {
    this.rows = rows;
    states = new RowStates(Require.given(network, "the network"), rows);
    first = new int[rows];
    for (int row = 0; row < rows; row++) {
      first[row] = row;
    }
  }

  /**
   * Rows, all of them at zero.
   *
   * @param network what steps them, of one input and one output
   * @param rows how many streams can be stepped in one batch, at least 1
   * @return streams for one thread at a time
   * @throws StateException if the model cannot be streamed
   * @throws ShapeException if the number is too small, or the model has several inputs or outputs
   */
  public static StoredStreams of(Network network, int rows) {
    return new StoredStreams(network, Require.atLeast(rows, 1, "rows of stored streams"));
  }

  /**
   * Keeps the last inputs of each stream in its bytes, for {@link Carry#REPLAY}. To be said before the first row is stepped.
   *
   * @param most how many of each, 0 for none
   * @return this
   */
  public StoredStreams keepInputs(int most) {
    states.keepInputs(Require.atLeast(most, 0, "inputs to keep"));
    return this;
  }

  /**
   * What steps the streams.
   *
   * @return the network
   */
  public Network network() {
    return states.network();
  }

  /**
   * How many streams can be stepped in one batch.
   *
   * @return rows, as they were made
   */
  public int rows() {
    return rows;
  }

  /**
   * Most bytes that {@link #save} writes.
   *
   * @return bytes of a stream
   */
  public int maxBytes() {
    return states.maxBytes();
  }

  /**
   * Puts a new stream, at zero, into a row.
   *
   * @param row the row
   * @throws ShapeException if there is no such row
   */
  public void begin(int row) {
    checkRow(row);
    states.begin(row);
  }

  /**
   * Puts a stream into a row.
   *
   * @param row the row
   * @param from what {@link #save} or {@link StreamPool#save} wrote
   * @param at position of the first byte
   * @param carry what becomes of it if other weights wrote it; another structure is taken with {@link Carry#RESET} and
   *     {@link Carry#REPLAY} only
   * @return the position behind the last byte
   * @throws ShapeException if there is no such row
   * @throws StateException if it cannot be taken; nothing has changed then
   */
  public int load(int row, byte[] from, int at, Carry carry) {
    checkRow(row);
    int end = states.check(from, at, carry);
    states.load(row, from, at, carry);
    return end;
  }

  /**
   * Which weights wrote a stream, for a {@link SwapHistory}.
   *
   * @param from what {@link #save} or {@link StreamPool#save} wrote
   * @param at position of the first byte
   * @return their fingerprint
   * @throws StateException if there are too few bytes
   */
  public static int weights(byte[] from, int at) {
    return RowStates.weights(from, at);
  }

  /**
   * Some time steps of one row.
   *
   * @param row the row
   * @param steps how many
   * @param x inputs, [steps][in]
   * @param y outputs, [steps][out], or [out] if the model returns the last step only
   * @throws ShapeException if there is no such row, or an array is too short
   */
  public void run(int row, int steps, float[] x, float[] y) {
    checkRow(row);
    states.renew(row);
    one[0] = row;
    states.run(one, steps, x, y);
  }

  /**
   * One time step of the first rows, in one batch.
   *
   * @param n how many rows, from 0 on
   * @param x inputs, [n][in]
   * @param y outputs, [n][out]
   * @throws ShapeException if there are fewer rows, or an array is too short
   */
  public void step(int n, float[] x, float[] y) {
    Require.count(n, rows, "the number of rows");
    for (int row = 0; row < n; row++) {
      states.renew(row);
    }
    states.step(first, n, x, y);
  }

  /**
   * Writes a row's stream down, see {@link StreamPool#save} for the bytes; equal streams give equal bytes.
   *
   * @param row the row
   * @param to the bytes
   * @param at position of the first one
   * @return the position behind the last one
   * @throws ShapeException if there is no such row, or no room for {@link #maxBytes()}
   */
  public int save(int row, byte[] to, int at) {
    checkRow(row);
    return states.save(row, to, at);
  }

  /**
   * A row's state as a value.
   *
   * @param row the row
   * @return a copy of one row
   * @throws ShapeException if there is no such row
   */
  public State state(int row) {
    checkRow(row);
    return states.get(row);
  }

  /**
   * Steps with other weights from now on; all rows are at zero. Each stored stream is taken up as its {@link #load} says; whether
   * streams of the network before can be is checked here.
   *
   * @param next the other network, with inputs and outputs of the same width; of another structure with {@link Carry#RESET} and
   *     {@link Carry#REPLAY} only
   * @param carry what is to become of streams of the network before
   * @throws ShapeException if inputs or outputs differ
   * @throws StateException if it cannot be streamed, or keeps other states and those before are to be kept or refused
   * @throws dev.rill.tensor.RillException if inputs are to be replayed and none are kept; nothing has changed after any of these
   */
  public void swap(Network next, Carry carry) {
    states.swap(next, states.prepareSwap(next, carry, 0), carry);
    for (int row = 0; row < rows; row++) {
      states.begin(row);
    }
  }

  private void checkRow(int row) {
    if (row < 0 || row >= rows) {
      throw new ShapeException("there is no row " + row + ": expected 0 to " + (rows - 1));
    }
  }

  /** Returns the number of rows and what steps them. */
  @Override
  public String toString() {
    return "StoredStreams of " + rows + " rows, " + network();
  }
}
