package dev.rill.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rill.Samples;
import dev.rill.tensor.RillException;
import dev.rill.tensor.Shape;
import dev.rill.tensor.ShapeException;
import dev.rill.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** One flat array with a slice for each variable. */
class WeightsTest {
  private static Weights weights() {
    Map<String, List<Variable>> layers = new LinkedHashMap<>();
    layers.put("a", List.of(variable("kernel", Shape.of(2, 3)), variable("bias", Shape.of(3))));
    layers.put("nothing", List.of());
    layers.put("b", List.of(variable("kernel", Shape.of(3, 1))));
    Weights layout = Weights.layout(layers);
    return layout.over(Samples.floats(1, layout.size(), 1));
  }

  @Test
  void variablesLieOneBehindTheOther() {
    Weights w = weights();
    assertEquals(12, w.size());
    assertEquals(List.of("a", "nothing", "b"), w.layers());
    assertEquals(6, w.slices("a").get(1).at());
    assertEquals(9, w.slices("b").get(0).at());
    assertEquals(List.of(), w.slices("nothing"));
    assertEquals(w.values()[7], w.get("a", 1).get(1));
  }

  @Test
  void getAndSetCopy() {
    Weights w = weights();
    w.get("a", 0).set(0, 0, 99);
    assertEquals(Samples.unit(1, 0), w.values()[0]);
    Weights copy = w.copy();
    w.set("b", 0, Tensor.of(new float[] {1, 2, 3}, 3, 1));
    assertEquals(3, w.values()[11]);
    assertEquals(Samples.unit(1, 11), copy.values()[11]);
  }

  @Test
  void otherShapesAndNamesAreRefused() {
    Weights w = weights();
    assertThrows(ShapeException.class, () -> w.set("b", 0, Tensor.zeros(3)));
    assertThrows(RillException.class, () -> w.slices("c"));
    assertThrows(ShapeException.class, () -> w.over(new float[11]));
  }

  @Test
  void tooManyWeightsAreATypedError() {
    Map<String, List<Variable>> layers = new LinkedHashMap<>();
    layers.put("a", List.of(variable("kernel", Shape.of(1 << 15, 1 << 15))));
    layers.put("b", List.of(variable("kernel", Shape.of(1 << 15, 1 << 15))));
    assertThrows(ShapeException.class, () -> Weights.layout(layers));
  }

  @Test
  void theFingerprintIsTheCheckSumOfTheBits() {
    Weights w = weights();
    ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : w.values()) {
      bytes.putFloat(value);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.array());
    assertEquals((int) crc.getValue(), w.fingerprint());
    int before = w.fingerprint();
    w.values()[3] = -w.values()[3];
    assertNotEquals(before, w.fingerprint());
  }

  private static Variable variable(String name, Shape shape) {
    return new Variable(name, shape, VariableRules.startingAs(Initializer.zeros()));
  }
}
