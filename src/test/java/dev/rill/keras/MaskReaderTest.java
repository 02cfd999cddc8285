package dev.rill.keras;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.io.Json;
import dev.rill.layers.Graph;
import dev.rill.layers.Layer;
import dev.rill.tensor.UnsupportedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Masks as operations of a functional configuration: Keras' own are recognised, others refused by name. */
class MaskReaderTest {
  private static final String INPUT = layer("InputLayer", "x", "\"batch_shape\": [null, null, 3]", "");
  private static final String MASKING = layer("Masking", "masking", "\"mask_value\": 2.5", call(of("x"), ""));
  private static final String NOT_EQUAL = operation("NotEqual", "not_equal", "", of("x") + ", 2.5");
  private static final String ANY = operation("Any", "any", ", \"axis\": -1, \"keepdims\": false", of("not_equal"));

  private static String of(String name) {
    return "{\"class_name\": \"__keras_tensor__\", \"config\": {\"shape\": [], \"keras_history\": [\"" + name + "\", 0, 0]}}";
  }

  private static String call(String args, String keywords) {
    return "{\"args\": [" + args + "], \"kwargs\": {" + keywords + "}}";
  }

  private static String layer(String type, String name, String options, String call) {
    return "{\"module\": \"keras.layers\", \"class_name\": \"" + type + "\", \"name\": \"" + name
        + "\", \"config\": {\"name\": \"" + name + "\", " + options + "}, \"inbound_nodes\": [" + call + "]}";
  }

  private static String operation(String type, String name, String options, String args) {
    return "{\"module\": \"keras.src.ops.numpy\", \"class_name\": \"" + type + "\", \"name\": \"" + name
        + "\", \"config\": {\"name\": \"" + name + "\"" + options + "}, \"inbound_nodes\": [" + call(args, "") + "]}";
  }

  private static String lstm(String keywords) {
    return layer("LSTM", "lstm", "\"units\": 2", call(of("masking"), keywords));
  }

  private static Graph read(String... layers) {
    String model = "{\"class_name\": \"Functional\", \"config\": {\"name\": \"m\", \"layers\": [" + String.join(", ", layers)
        + "], \"input_layers\": [\"x\", 0, 0], \"output_layers\": [\"lstm\", 0, 0]}}";
    return ModelReader.read(Json.parseObject(model.getBytes(StandardCharsets.UTF_8), "test"), "3.15.1");
  }

  private static Graph.Node lstm(Graph graph) {
    for (Layer layer : graph.layers()) {
      if (layer.name().equals("lstm")) {
        return graph.firstNode(layer);
      }
    }
    throw new AssertionError("no lstm");
  }

  private static void refused(String what, String... layers) {
    String message = assertThrows(UnsupportedException.class, () -> read(layers)).getMessage();
    assertTrue(message.contains(what), message);
  }

  @Test
  void aLayerHeedsTheMaskThatItIsHandedAndNoOther() {
    assertNotNull(lstm(read(INPUT, NOT_EQUAL, MASKING, ANY, lstm("\"mask\": " + of("any")))).appliedMask());
    // The mask of an only tensor is handed on without a word, but not beside an initial state.
    assertNotNull(lstm(read(INPUT, MASKING, lstm("\"mask\": null"))).appliedMask());
    assertNotNull(lstm(read(INPUT, MASKING, lstm(""))).appliedMask());
    String states = layer("Dense", "s", "\"units\": 2", call(of("first"), ""));
    String first = layer("LSTM", "first", "\"units\": 2", call(of("x"), ""));
    assertNull(lstm(read(INPUT, MASKING, first, states, lstm("\"initial_state\": [" + of("s") + ", " + of("s") + "]"))).appliedMask());
  }

  @Test
  void otherMasksAreRefusedByName() {
    String masked = lstm("\"mask\": " + of("any"));
    refused("not the one of the layer's input", INPUT, NOT_EQUAL.replace("2.5", "2.4"), MASKING, ANY, masked);
    refused("not the one of the layer's input", INPUT, NOT_EQUAL, MASKING.replace("2.5", "1"), ANY, masked);
    refused("other operations", INPUT, NOT_EQUAL, MASKING, ANY.replace("-1", "1"), masked);
    refused("other operations", INPUT, NOT_EQUAL, MASKING, ANY.replace("false", "true"), masked);
    refused("comes from masking", INPUT, MASKING, lstm("\"mask\": " + of("masking")));
    refused("tests (None, None, 3)", INPUT, NOT_EQUAL, MASKING, lstm("\"mask\": " + of("not_equal")));
    refused("other operations", INPUT, MASKING, ANY.replace("not_equal", "any"), masked);
  }

  @Test
  void operationsAreMasksOnly() {
    refused("the result of the operation not_equal is supported as a mask only", INPUT, NOT_EQUAL,
        MASKING.replace("\"x\"", "\"not_equal\""), lstm(""));
    refused("class Add", INPUT, MASKING, operation("Add", "add", "", of("x") + ", 1"), lstm(""));
  }
}
