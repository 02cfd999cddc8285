package dev.rill.charts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Samples;
import dev.rill.Sequential;
import dev.rill.Trace;
import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dense;
import dev.rill.layers.Embedding;
import dev.rill.layers.LSTM;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a page of a trace holds, read back from its text. */
class TracePageTest {
  private static JsonObject data(String html) {
    String from = "id=\"data\">";
    int at = html.indexOf(from) + from.length();
    return (JsonObject) Json.parse(html.substring(at, html.indexOf("</script>", at)), "page");
  }

  private static float[] floats(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  /** Every number on the page: exact, or within half a level of the range of its unit. */
  private static void assertHolds(Trace trace, JsonObject page) {
    assertEquals(trace.rows(), page.integer("rows"));
    assertEquals(trace.tracks().size(), page.array("tracks").size());
    for (int i = 0; i < trace.tracks().size(); i++) {
      Trace.Track track = trace.tracks().get(i);
      JsonObject json = page.array("tracks").object(i);
      assertEquals(track.layer(), json.string("layer"));
      assertEquals(track.kind(), json.string("kind"));
      int units = json.integer("units");
      for (int row = 0; row < trace.rows(); row++) {
        float[] expected = track.values().row(row).toArray();
        assertEquals(expected.length, units * json.integer("steps"));
        if (!json.has("ranges")) {
          Samples.assertBits(expected, floats(json.array("data").string(row)), track.layer());
          continue;
        }
        byte[] levels = Base64.getDecoder().decode(json.array("data").string(row));
        float[] range = floats(json.array("ranges").string(row));
        for (int at = 0; at < expected.length; at++) {
          float low = range[2 * (at % units)];
          float high = range[2 * (at % units) + 1];
          double shown = low + (levels[at] & 255) / 255.0 * ((double) high - low);
          assertEquals(expected[at], shown, (high - low) / 509.9, track.layer() + " " + track.kind() + " at " + at);
        }
      }
    }
  }

  @Test
  void numbersOnThePageAreThoseOfTheTrace() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(40).returnSequences(true), new Dense(2));
    model.initialize(1);
    for (int steps : new int[] {7, 300}) {
      Trace trace = model.freeze().session(2).trace(steps, Samples.floats(4, 2 * steps * 3, 2), true);
      JsonObject page = data(new TracePage("t", trace).html());
      assertHolds(trace, page);
      assertEquals(steps > 100, page.array("tracks").object(1).has("ranges"), "many values are quantized, few are exact");
    }
  }

  @Test
  void whatIsNotFiniteIsExactWhereFewAndKeptInRangeWhereMany() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4).returnSequences(true));
    float[] x = Samples.floats(4, 3000 * 3, 2);
    x[5] = Float.NaN;
    x[9] = Float.POSITIVE_INFINITY;
    JsonObject input = data(new TracePage("t", model.freeze().session(1).trace(3000, x, false)).html()).array("tracks").object(0);
    float[] range = floats(input.array("ranges").string(0));
    for (float end : range) {
      assertTrue(Math.abs(end) <= 2, "range end " + end);
    }
    assertEquals(0, Base64.getDecoder().decode(input.array("data").string(0))[5]);
    assertEquals((byte) 255, Base64.getDecoder().decode(input.array("data").string(0))[9]);
  }

  @Test
  void textIsShownInItsAlphabet() {
    Sequential ids = Sequential.of(Input.shape(Shape.UNKNOWN), new Embedding(4, 3), new LSTM(2));
    Trace trace = Trace.of(ids, List.of(Tensor.of(new float[] {2, 0, 1, 3}, 1, 4)), false);
    JsonObject input = data(new TracePage("t", trace).alphabet("a<\nd").html()).array("tracks").object(0);
    assertEquals("\n", input.array("text").array(0).string(0));
    assertEquals("<", input.array("text").array(0).string(2));
    assertEquals("d", input.array("text").array(0).string(3));
    Sequential oneHot = Sequential.of(Input.shape(Shape.UNKNOWN, 2), new LSTM(2));
    Trace other = Trace.of(oneHot, List.of(Tensor.of(new float[] {0, 1, 1, 0, 0, 0}, 1, 3, 2)), false);
    input = data(new TracePage("t", other).alphabet("xy").html()).array("tracks").object(0);
    assertEquals("y", input.array("text").array(0).string(0));
    assertEquals("", input.array("text").array(0).string(2), "padding");
    assertThrows(RillException.class, () -> new TracePage("t", other).alphabet("xyz"));
  }

  @Test
  void aPageNeedsNothingFromElsewhereAndNoTitleBreaksIt() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 3), new LSTM(4).named("<!--<script><b>"));
    String html = new TracePage("<script>&\"", Trace.of(model, List.of(Tensor.zeros(1, 2, 3)), false)).html();
    assertFalse(html.contains("http://") || html.contains("https://") || html.contains("url("), "something is fetched");
    assertTrue(html.contains("<title>&lt;script&gt;&amp;&quot;</title>"), html);
    assertEquals(2, html.split("</script>", -1).length - 1, "the data and the script");
  }

  @Test
  void aThousandStepsOf512UnitsStayAFewMegabytes() {
    Sequential model = Sequential.of(Input.shape(Shape.UNKNOWN, 8), new LSTM(512).returnSequences(true));
    Trace trace = model.freeze().session(1).trace(1000, Samples.floats(4, 8000, 2), false);
    int length = new TracePage("t", trace).html().length();
    assertTrue(length < 2.3e6, length + " characters");
    assertThrows(RillException.class, () -> new TracePage("t", trace).svg());
  }
}
