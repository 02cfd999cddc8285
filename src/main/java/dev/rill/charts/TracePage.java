package dev.rill.charts;

import dev.rill.Trace;
import dev.rill.io.JsonArray;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonString;
import dev.rill.io.JsonValue;
import dev.rill.tensor.PlainText;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A trace to look at: inputs, states and gates, outputs as heat maps, one above the other on one axis of time. A page to zoom and to
 * sort in, with the values under the pointer; a unit that is chosen colours the text that was read.
 *
 * <p>A track of many values is kept with 8 bits each, between the least and the greatest of its unit in its row: what is drawn and
 * shown is within 1/510 of that range of the value. Others are exact. 1,000 steps of 512 units take 0.7 MB a track and row.
 */
public final class TracePage extends Picture {
  /** Up to so many values of a row a track is exact. */
  private static final int FEW = 8192;
  private static final int LEVELS = 255;

  private final String title;
  private final Trace trace;
  private final String[] alphabet;
  private final Picture above;

  /**
   * Describes a page.
   *
   * @param title above it
   * @param trace what is shown, all rows of it
   */
  public TracePage(String title, Trace trace) {
    this(title, trace, null, null);
  }

  private TracePage(String title, Trace trace, String[] alphabet, Picture above) {
    this.title = Require.given(title, "the title");
    this.trace = Require.given(trace, "the trace");
    this.alphabet = alphabet;
    this.above = above;
  }

  /**
   * Puts a picture above the heat maps.
   *
   * @param picture one that can be SVG
   * @return another page
   */
  public TracePage above(Picture picture) {
    return new TracePage(title, trace, alphabet, Require.given(picture, "the picture"));
  }

  /**
   * Says that inputs are text.
   *
   * @param characters the first is that of id 0 or of the first feature of a one-hot input, and so on
   * @return another page, which shows them
   * @throws RillException if no input is of ids or of as many features as there are characters
   */
  public TracePage alphabet(String characters) {
    String[] each = Require.given(characters, "the alphabet").codePoints().mapToObj(Character::toString).toArray(String[]::new);
    for (Trace.Track track : trace.tracks()) {
      if (readsText(track, each.length)) {
        return new TracePage(title, trace, each, above);
      }
    }
    throw new RillException("an alphabet of " + each.length + " characters: no input holds ids or " + each.length + " features");
  }

  private static boolean readsText(Trace.Track track, int characters) {
    int units = track.values().shape().axis(2);
    return track.kind().equals("x") && (units == 1 || units == characters);
  }

  /** Refused: what moves is HTML. */
  @Override
  public String svg() {
    throw new RillException("a trace is a page to move about in: expected a name that ends in .html");
  }

  @Override
  public String html() {
    List<JsonValue> tracks = new ArrayList<>();
    for (Trace.Track track : trace.tracks()) {
      tracks.add(track(track));
    }
    JsonObject data = JsonObject.EMPTY.with("rows", trace.rows()).with("tracks", JsonArray.of(tracks));
    return Page.of(title, above == null ? List.of() : List.of(above.svg()), "<div id=\"trace\"></div>\n", data, "trace.js");
  }

  private JsonObject track(Trace.Track track) {
    int rows = trace.rows();
    int steps = track.values().shape().axis(1);
    int units = track.values().shape().axis(2);
    boolean exact = (long) steps * units <= FEW;
    List<JsonValue> data = new ArrayList<>();
    List<JsonValue> ranges = new ArrayList<>();
    List<JsonValue> text = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] values = track.values().row(row).toArray();
      if (exact) {
        data.add(floats(values));
      } else {
        float[] range = range(values, units);
        ranges.add(floats(range));
        data.add(quantized(values, range));
      }
      if (alphabet != null && readsText(track, alphabet.length)) {
        text.add(text(track.values().row(row), steps, units));
      }
    }
    JsonObject json = JsonObject.EMPTY.with("layer", PlainText.shown(track.layer())).with("kind", track.kind())
        .with("steps", steps).with("units", units).with("data", JsonArray.of(data));
    json = exact ? json : json.with("ranges", JsonArray.of(ranges));
    return text.isEmpty() ? json : json.with("text", JsonArray.of(text));
  }

  /** Least and greatest of each unit, those that are finite. */
  private static float[] range(float[] values, int units) {
    float[] range = new float[2 * units];
    for (int unit = 0; unit < units; unit++) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int at = unit; at < values.length; at += units) {
        boolean finite = Math.abs(values[at]) <= Float.MAX_VALUE;
        low = finite ? Math.min(low, values[at]) : low;
        high = finite ? Math.max(high, values[at]) : high;
      }
      range[2 * unit] = low <= high ? low : 0;
      range[2 * unit + 1] = low <= high ? high : 0;
    }
    return range;
  }

  /** What is not finite is put at the end that is nearer; NaN at the lower one. */
  private static JsonString quantized(float[] values, float[] range) {
    byte[] levels = new byte[values.length];
    int units = range.length / 2;
    for (int i = 0; i < values.length; i++) {
      double low = range[2 * (i % units)];
      double high = range[2 * (i % units) + 1];
      double part = high > low ? (values[i] - low) / (high - low) : 0;
      levels[i] = (byte) (part >= 0 ? Math.rint(Math.min(part, 1) * LEVELS) : 0);
    }
    return new JsonString(Base64.getEncoder().encodeToString(levels));
  }

  private static JsonString floats(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new JsonString(Base64.getEncoder().encodeToString(bytes.array()));
  }

  private JsonArray text(Tensor row, int steps, int units) {
    float[] values = row.toArray();
    List<JsonValue> characters = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      int id = units == 1 ? (int) values[step] : largest(values, step * units, units);
      characters.add(new JsonString(id >= 0 && id < alphabet.length ? alphabet[id] : ""));
    }
    return JsonArray.of(characters);
  }

  /** −1 where all are zero: padding. */
  private static int largest(float[] values, int at, int count) {
    int largest = -1;
    for (int j = 0; j < count; j++) {
      if (values[at + j] > (largest < 0 ? 0 : values[at + largest])) {
        largest = j;
      }
    }
    return largest;
  }
}
