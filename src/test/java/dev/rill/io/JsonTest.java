package dev.rill.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.tensor.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static JsonObject object(String text) {
    return Json.parseObject(text.getBytes(StandardCharsets.UTF_8), "test.json");
  }

  private static String refusal(String text) {
    return assertThrows(FormatException.class, () -> Json.parse(text, "test.json")).getMessage();
  }

  @Test
  void valuesComeBackWithTheirTypes() {
    JsonObject object = object("{\"s\": \"x\", \"i\": -7, \"l\": 9007199254740993, \"d\": 2.5e-3, \"t\": true,"
        + " \"n\": null, \"a\": [1, {\"b\": \"c\"}, []], \"o\": {}}");
    assertEquals("x", object.string("s"));
    assertEquals(-7, object.integer("i"));
    assertEquals(9007199254740993L, object.longInteger("l"));
    assertEquals(0.0025, object.number("d"));
    assertEquals(-7, object.number("i"));
    assertTrue(object.bool("t"));
    assertTrue(object.isNull("n") && object.has("n"));
    assertTrue(object.isNull("absent") && !object.has("absent"));
    assertEquals(3, object.array("a").size());
    assertEquals("c", object.array("a").object(1).string("b"));
    assertEquals(List.of("l", "d", "t", "n", "a", "o"), object.namesOtherThan("s", "i", "unknown"));
  }

  @Test
  void bareWordsOfPythonAreNumbers() {
    JsonArray array = (JsonArray) Json.parse("[NaN, Infinity, -Infinity, -0.0, 1e999]", "test.json");
    assertTrue(Double.isNaN(array.number(0)));
    assertEquals(Double.POSITIVE_INFINITY, array.number(1));
    assertEquals(Double.NEGATIVE_INFINITY, array.number(2));
    assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(array.number(3)));
    assertEquals(Double.POSITIVE_INFINITY, array.number(4));
  }

  @Test
  void defaultsStandInForAbsentMembersOnly() {
    JsonObject object = object("{\"activation\": null}");
    assertEquals("tanh", object.string("other", "tanh"));
    assertEquals(1, object.integer("other", 1));
    assertEquals(0.5, object.number("other", 0.5));
    assertTrue(object.bool("other", true));
    assertThrows(FormatException.class, () -> object.string("activation", "tanh"));
  }

  @Test
  void errorsNameThePlace() {
    JsonObject object = object("{\"config\": {\"layers\": [{}, {\"units\": \"many\"}]}}");
    JsonObject layer = object.object("config").array("layers").object(1);
    assertEquals("test.json: $.config.layers[1].units: expected an integer, found the string \"many\"",
        assertThrows(FormatException.class, () -> layer.integer("units")).getMessage());
    assertEquals("test.json: $.config.layers[1].name: expected a member of this name, found only units",
        assertThrows(FormatException.class, () -> layer.string("name")).getMessage());
    assertEquals("test.json: $.config.layers[2]: expected an element, the array has only 2",
        assertThrows(FormatException.class, () -> object.object("config").array("layers").get(2)).getMessage());
  }

  @Test
  void integersBeyondTheirTypeAreRefused() {
    JsonObject object = object("{\"a\": 2147483648, \"b\": 9223372036854775808, \"c\": 1.0, \"d\": 1e2}");
    assertEquals(2147483648L, object.longInteger("a"));
    assertThrows(FormatException.class, () -> object.integer("a"));
    for (String name : List.of("b", "c", "d")) {
      assertThrows(FormatException.class, () -> object.longInteger(name));
    }
  }

  @Test
  void escapesAreDecodedAndEncoded() {
    String text = "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\\u0000\"";
    JsonString string = (JsonString) Json.parse(text, "test.json");
    assertEquals("\"\\/\b\f\n\r\t\u00e4\ud83d\ude00\0", string.value());
    assertEquals("\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\u00e4\ud83d\ude00\\u0000\"", Json.write(string));
    assertEquals(string, Json.parse(Json.write(string), "again"));
  }

  @Test
  void loneSurrogatesSurviveAsEscapes() {
    JsonString string = (JsonString) Json.parse("\"\\ud800x\\udc00\"", "test.json");
    assertEquals("\ud800x\udc00", string.value());
    assertEquals("\"\\ud800x\\udc00\"", Json.write(string));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[", "[1,]", "[1 2]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{'a':1}", "[01]",
      "[1.]", "[.5]", "[+1]", "[-]", "[1e]", "[1e+]", "[--1]", "[nan]", "[-NaN]", "[tru]",
      "[nul]", "\"", "\"\\", "\"\\x\"",
      "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "1 2", "[] x", "]", "\u00a01", "[1]\0", "// c\n1"})
  void malformedTextIsRefused(String text) {
    assertTrue(refusal(text).startsWith("test.json, line "), text);
  }

  @Test
  void refusalsNameLineAndColumn() {
    assertEquals("test.json, line 2, column 8: the name the string \"a\" stands twice in one object",
        refusal("{\"a\": 1,\n \"b\":1,\"\\u0061\": 2}"));
  }

  @Test
  void depthIsLimited() {
    String deepest = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    assertEquals(deepest, Json.write(Json.parse(deepest, "test.json")));
    assertTrue(refusal("[" + deepest + "]").contains("deeper than 256"));
    assertTrue(refusal("{\"a\":".repeat(1_000_000)).contains("deeper than 256"));
  }

  @Test
  void manyValuesAreRefusedBeforeTheyFillTheMemory() {
    assertTrue(refusal("[0" + ",0".repeat(1 << 20) + "]").contains("values in one document"));
  }

  @Test
  void malformedUtf8IsRefused() {
    byte[][] malformed = {{'"', (byte) 0xff, '"'}, {'"', (byte) 0xc0, (byte) 0x80, '"'},
        {'"', (byte) 0xe2, (byte) 0x82, '"'}, {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}};
    for (byte[] bytes : malformed) {
      assertThrows(FormatException.class, () -> Json.parse(bytes, "test.json"));
    }
    byte[] replacement = "\"\ufffd\"".getBytes(StandardCharsets.UTF_8);
    assertEquals(new JsonString("\ufffd"), Json.parse(replacement, "test.json"));
  }

  @Test
  void writingIsCompactAndReadsBackTheSame() {
    JsonObject object = JsonObject.EMPTY.with("a", JsonNumber.of(0.1)).with("b", JsonNumber.of(Long.MIN_VALUE))
        .with("c", JsonArray.of(List.of(new JsonBool(false), new JsonNull(), JsonNumber.of(Double.NaN),
            JsonObject.EMPTY)))
        .with("a", JsonNumber.of(Double.MIN_VALUE));
    assertEquals("{\"a\":4.9E-324,\"b\":-9223372036854775808,\"c\":[false,null,NaN,{}]}", Json.write(object));
    assertEquals(Json.write(object), Json.write(Json.parse(Json.write(object), "again")));
  }

  @Test
  void numbersKeepTheirText() {
    assertEquals("[123456789012345678901234567890,1.50,-0]",
        Json.write(Json.parse("[123456789012345678901234567890, 1.50, -0]", "test.json")));
    assertThrows(FormatException.class, () -> new JsonNumber("1x"));
    assertFalse(new JsonNumber("Infinity").isInteger());
  }
}
