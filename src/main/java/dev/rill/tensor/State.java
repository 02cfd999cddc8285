package dev.rill.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * The state of some streams as a value: what every recurrent layer carries from one step to the next, a row for
 * each stream.
 *
 * <p>Immutable; everything copies. A session gives its state out and takes one in; a state becomes bytes and
 * continues in another process. It belongs to a structure, which is the order of its planes, their kinds and their units; the
 * names of layers are kept as a remark. It remembers the weights it was made with.
 *
 * <p>Bytes, little-endian: magic {@code RILLSTAT}; int version 1; int rows; int planes; int structure fingerprint; int
 * weights fingerprint; for each plane its layer and kind (int length, UTF-8) and int units; the floats of each plane,
 * [rows][units], unpadded, NaN as 0x7fc00000; int CRC-32C of all before.
 *
 * <pre>{@code
 * State all = session.state();
 * Files.write(file, all.gather(7, 42).toBytes());                        // two of its rows
 * Session elsewhere = network.session(State.fromBytes(Files.readAllBytes(file)));
 * session.state(all.scatter(elsewhere.state(), 7, 42));                  // and back into their rows
 * }</pre>
 */
public final class State {
  private static final byte[] MAGIC = "RILLSTAT".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  /** More than any model has, and little to a machine. */
  private static final int MOST_PLANES = 1 << 16;
  private static final String ROW = "row of the state";

  /**
   * One plane: what one layer keeps of one kind.
   *
   * @param layer the layer's name
   * @param kind {@code h} or {@code c}; {@code tail} for the steps that a convolution is still to read
   * @param units floats in a row
   */
  public record Plane(String layer, String kind, int units) {
    /**
     * Kind of the plane that keeps the last output of a layer that passes over masked steps: no state of Keras', which starts it
     * at zero on each call.
     */
    public static final String LAST_OUTPUT = "output";

    /** Refuses what no layer keeps. */
    public Plane {
      Require.given(layer, "the layer of a plane");
      Require.given(kind, "the kind of a plane");
      Require.atLeast(units, 1, "units of a plane");
    }

    private boolean fits(Plane other) {
      return kind.equals(other.kind) && units == other.units;
    }

    /** Layer, kind and units: {@code lstm h 8}. */
    @Override
    public String toString() {
      return PlainText.shown(layer + " " + kind + " " + units);
    }
  }

  private final List<Plane> planes;
  private final int rows;
  private final int weights;
  private final float[][] values;

  private State(List<Plane> planes, int rows, int weights, float[][] values) {
    this.planes = planes;
    this.rows = rows;
    this.weights = weights;
    this.values = values;
  }

  /**
   * A state of given values.
   *
   * @param planes its structure
   * @param rows number of streams
   * @param weights fingerprint of the weights it belongs to
   * @param values one array a plane, [rows][units]; copied
   * @return the state
   * @throws ShapeException if an array has another length, or the number of rows is negative
   */
  public static State of(List<Plane> planes, int rows, int weights, float[]... values) {
    List<Plane> structure = List.copyOf(Require.all(planes, "the planes of a state"));
    Require.atLeast(rows, 0, "rows of a state");
    if (Require.all(values, "the values of a state").length != structure.size()) {
      throw new ShapeException("a state of " + structure.size() + " planes was given " + values.length + " arrays");
    }
    for (int p = 0; p < values.length; p++) {
      long size = (long) rows * structure.get(p).units();
      if (values[p].length != size) {
        throw new ShapeException(label(structure.get(p)) + ": expected " + size + " floats for " + rows + " rows, got "
            + values[p].length);
      }
    }
    State state = zeros(structure, rows, weights);
    for (int p = 0; p < values.length; p++) {
      System.arraycopy(values[p], 0, state.values[p], 0, values[p].length);
    }
    return state;
  }

  /** To be filled before anybody sees it. */
  private static State zeros(List<Plane> planes, long rows, int weights) {
    if (rows > Integer.MAX_VALUE) {
      throw new ShapeException("a state of " + rows + " rows: expected at most " + Integer.MAX_VALUE);
    }
    float[][] values = new float[planes.size()][];
    for (int p = 0; p < values.length; p++) {
      Plane plane = planes.get(p);
      values[p] = Memory.floats(rows * plane.units(), label(plane) + ", " + rows + " rows of " + plane.units() + " units");
    }
    return new State(planes, (int) rows, weights, values);
  }

  private static String label(Plane plane) {
    return "state of layer " + plane.layer() + ", " + plane.kind();
  }

  /**
   * Number of streams.
   *
   * @return rows
   */
  public int rows() {
    return rows;
  }

  /**
   * The structure.
   *
   * @return planes in order
   */
  public List<Plane> planes() {
    return planes;
  }

  /**
   * Fingerprint of the weights it was made with.
   *
   * @return a checksum of their values
   */
  public int weightsFingerprint() {
    return weights;
  }

  /**
   * Fingerprint of a structure: states of equal fingerprints fit each other. What layers are called does not count.
   *
   * @param planes kinds and units, in order
   * @return CRC-32C of a line each
   */
  public static int structureFingerprint(List<Plane> planes) {
    StringBuilder lines = new StringBuilder();
    for (Plane plane : Require.all(planes, "the planes of a state")) {
      lines.append(plane.kind()).append('\t').append(plane.units()).append('\n');
    }
    byte[] text = bytes(lines.toString());
    return crc(text, text.length);
  }

  /**
   * One plane's values.
   *
   * @param plane index
   * @return a copy, [rows][units]
   * @throws ShapeException if there is no such plane
   */
  public float[] values(int plane) {
    return values[Require.index(plane, values.length, "plane")].clone();
  }

  /**
   * One plane's values.
   *
   * @param layer the layer's name
   * @param kind {@code h} or {@code c}; {@code tail} for the steps that a convolution is still to read
   * @return a copy of shape (rows, units)
   * @throws StateException if there is no such plane
   */
  public Tensor get(String layer, String kind) {
    int p = index(layer, kind);
    return Tensor.of(values[p].clone(), rows, planes.get(p).units());
  }

  /**
   * This state with one plane changed.
   *
   * @param layer the layer's name
   * @param kind {@code h} or {@code c}; {@code tail} for the steps that a convolution is still to read
   * @param value new values of shape (rows, units)
   * @return another state
   * @throws StateException if there is no such plane
   * @throws ShapeException if the shape differs
   */
  public State with(String layer, String kind, Tensor value) {
    int p = index(layer, kind);
    Shape expected = Shape.of(rows, planes.get(p).units());
    if (!expected.equals(Require.given(value, "the new value").shape())) {
      throw new ShapeException(label(planes.get(p)) + ": expected shape " + expected + ", got " + value.shape());
    }
    float[][] changed = values.clone();
    changed[p] = value.toArray();
    return new State(planes, rows, weights, changed);
  }

  private int index(String layer, String kind) {
    for (int p = 0; p < planes.size(); p++) {
      if (planes.get(p).layer().equals(layer) && planes.get(p).kind().equals(kind)) {
        return p;
      }
    }
    throw new StateException("there is no state " + kind + " of layer " + layer + "; there are " + text(planes));
  }

  /**
   * Some of the rows, in the order given.
   *
   * @param chosen row indices; one may stand more than once
   * @return another state
   * @throws ShapeException if there is no such row
   */
  public State gather(int... chosen) {
    for (int row : Require.given(chosen, "the rows to gather")) {
      Require.index(row, rows, ROW);
    }
    State gathered = zeros(planes, chosen.length, weights);
    for (int p = 0; p < values.length; p++) {
      int units = planes.get(p).units();
      for (int i = 0; i < chosen.length; i++) {
        System.arraycopy(values[p], chosen[i] * units, gathered.values[p], i * units, units);
      }
    }
    return gathered;
  }

  /**
   * This state with the rows of another written over some of its own.
   *
   * @param rowsOfOther a state of the same structure
   * @param to for each row of the other, the row it replaces
   * @return another state
   * @throws StateException if the structures differ
   * @throws ShapeException if there is no such row
   */
  public State scatter(State rowsOfOther, int... to) {
    checkStructure(Require.given(rowsOfOther, "the state to scatter").planes);
    if (Require.given(to, "the rows to scatter to").length != rowsOfOther.rows) {
      throw new ShapeException(rowsOfOther.rows + " rows to scatter, but " + to.length + " targets");
    }
    for (int row : to) {
      Require.index(row, rows, ROW);
    }
    State changed = of(planes, rows, weights, values);
    for (int p = 0; p < values.length; p++) {
      int units = planes.get(p).units();
      for (int i = 0; i < to.length; i++) {
        System.arraycopy(rowsOfOther.values[p], i * units, changed.values[p], to[i] * units, units);
      }
    }
    return changed;
  }

  /**
   * The rows of this state followed by those of another.
   *
   * @param other a state of the same structure
   * @return another state
   * @throws StateException if the structures differ
   */
  public State append(State other) {
    return join(Arrays.asList(this, other));
  }

  /**
   * The rows of several states, one behind the other.
   *
   * @param parts at least one state, all of one structure; the weights are those of the first
   * @return another state
   * @throws StateException if the structures differ
   */
  public static State join(List<State> parts) {
    if (Require.all(parts, "the states to join").isEmpty()) {
      throw new ShapeException("no states to join: expected at least one");
    }
    State first = parts.get(0);
    long rows = 0;
    for (State part : parts) {
      part.checkStructure(first.planes);
      rows += part.rows;
    }
    State joined = zeros(first.planes, rows, first.weights);
    for (int p = 0; p < joined.values.length; p++) {
      int at = 0;
      for (State part : parts) {
        System.arraycopy(part.values[p], 0, joined.values[p], at, part.values[p].length);
        at += part.values[p].length;
      }
    }
    return joined;
  }

  /**
   * Refuses a structure that is not this one: planes must agree in order, kind and units. What layers are called does not
   * matter.
   *
   * @param expected planes that somebody else has
   * @throws StateException if they differ, naming the first difference
   */
  public void checkStructure(List<Plane> expected) {
    int count = Require.all(expected, "the expected planes").size();
    int same = 0;
    while (same < Math.min(count, planes.size()) && planes.get(same).fits(expected.get(same))) {
      same++;
    }
    if (same < count || same < planes.size()) {
      throw new StateException("the state has another structure: plane " + same + " is "
          + (same < planes.size() ? planes.get(same) : "missing") + ", expected "
          + (same < count ? expected.get(same) : "none") + "; all planes of the state: " + text(planes) + "; expected: "
          + text(expected));
    }
  }

  private static String text(List<Plane> planes) {
    return planes.isEmpty() ? "none" : planes.stream().map(Plane::toString).collect(Collectors.joining(", "));
  }

  /**
   * Writes the state down.
   *
   * @return bytes in the format above
   */
  public byte[] toBytes() {
    long size = MAGIC.length + 4 * 6;
    for (Plane plane : planes) {
      size += 12 + bytes(plane.layer()).length + bytes(plane.kind()).length + 4L * rows * plane.units();
    }
    if (size > Memory.MAX_LENGTH) {
      throw new StateException("a state of " + rows + " rows takes " + size + " bytes, more than an array holds: "
          + "write it in parts (gather)");
    }
    ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putInt(VERSION).putInt(rows).putInt(planes.size()).putInt(structure(planes)).putInt(weights);
    for (Plane plane : planes) {
      put(out, plane.layer());
      put(out, plane.kind());
      out.putInt(plane.units());
    }
    for (float[] plane : values) {
      for (float value : plane) {
        out.putInt(Float.floatToIntBits(value));
      }
    }
    out.putInt(crc(out.array(), out.position()));
    return out.array();
  }

  /**
   * Reads a state.
   *
   * @param bytes what {@link #toBytes()} wrote
   * @return the state
   * @throws FormatException if the bytes are not a whole, undamaged state of this version
   */
  public static State fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(Require.given(bytes, "the bytes of a state")).order(ByteOrder.LITTLE_ENDIAN);
    if (!Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
      throw new FormatException("these " + bytes.length + " bytes are not a state of Rill: expected the magic RILLSTAT");
    }
    if (bytes.length < MAGIC.length + 4 * 6) {
      throw new FormatException("the state is truncated: " + bytes.length + " bytes");
    }
    in.position(MAGIC.length);
    int version = in.getInt();
    if (version != VERSION) {
      throw new FormatException("the state has version " + version + "; this Rill reads version " + VERSION);
    }
    int stored = in.getInt(bytes.length - 4);
    if (stored != crc(bytes, bytes.length - 4)) {
      throw new FormatException("the state is truncated or damaged: its CRC-32C does not match");
    }
    in.limit(bytes.length - 4);
    int rows = in.getInt();
    int count = in.getInt();
    int structure = in.getInt();
    int weights = in.getInt();
    // Each plane takes 12 bytes at the least, and ten times that in memory: too large a count is refused before it is believed.
    if (rows < 0 || count < 0 || count > Math.min(MOST_PLANES, in.remaining() / 12)) {
      throw new FormatException("the state claims " + rows + " rows and " + count + " planes in " + in.remaining() + " bytes, at most "
          + MOST_PLANES + " planes are read");
    }
    List<Plane> planes = new ArrayList<>();
    long floats = 0;
    for (int p = 0; p < count; p++) {
      String layer = string(in);
      String kind = string(in);
      int units = integer(in);
      if (units < 1) {
        throw new FormatException("the state of layer " + layer + " claims " + units + " units");
      }
      Plane plane = new Plane(layer, kind, units);
      planes.add(plane);
      floats += (long) rows * plane.units();
      // At once, because the sum over all planes might overflow.
      if (floats > in.remaining() / 4) {
        throw new FormatException("the state claims " + floats + " floats and more, " + in.remaining() + " bytes are left");
      }
    }
    if (4 * floats != in.remaining() || structure(planes) != structure) {
      throw new FormatException("the state is inconsistent: " + floats + " floats expected, " + in.remaining() + " bytes follow");
    }
    State state = zeros(List.copyOf(planes), rows, weights);
    for (float[] plane : state.values) {
      in.asFloatBuffer().get(plane);
      in.position(in.position() + 4 * plane.length);
    }
    return state;
  }

  /** Equal planes, rows, weights and values: −0 is another than 0, every NaN is the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof State state && rows == state.rows && weights == state.weights && planes.equals(state.planes)
        && Arrays.deepEquals(values, state.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * planes.hashCode() + rows) + weights) + Arrays.deepHashCode(values);
  }

  /** Returns the rows, the planes and the weights' fingerprint. */
  @Override
  public String toString() {
    return "State of " + rows + " rows: " + text(planes) + "; weights " + Integer.toHexString(weights);
  }

  /** CRC-32C over the planes' names and sizes, a line each: a check of the bytes, names included. */
  private static int structure(List<Plane> planes) {
    StringBuilder lines = new StringBuilder();
    for (Plane plane : planes) {
      lines.append(plane.layer()).append('\t').append(plane.kind()).append('\t').append(plane.units()).append('\n');
    }
    byte[] text = bytes(lines.toString());
    return crc(text, text.length);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ByteBuffer out, String text) {
    byte[] bytes = bytes(text);
    out.putInt(bytes.length).put(bytes);
  }

  private static int integer(ByteBuffer in) {
    if (in.remaining() < 4) {
      throw new FormatException("the state ends in the middle of its planes");
    }
    return in.getInt();
  }

  private static String string(ByteBuffer in) {
    int length = integer(in);
    if (length < 0 || length > in.remaining()) {
      throw new FormatException("the state names a plane with " + length + " bytes, " + in.remaining() + " are left");
    }
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
