package dev.rill.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.engine.ops.Functions;
import dev.rill.kernels.KernelChoice;
import dev.rill.tensor.UnsupportedException;
import org.junit.jupiter.api.Test;

/** Activations by Keras' names, and the values that tell Keras' variants apart. */
class ActivationFunctionTest {
  private static float at(String name, float x) {
    float[] a = new float[1 + KernelChoice.PADDING];
    a[0] = x;
    Functions.of(ActivationFunction.named(name)).apply(KernelChoice.current(), a, 0, 1);
    return a[0];
  }

  @Test
  void hardSigmoidHasTheSlopeOfKeras3() {
    assertEquals(0.66667, at("hard_sigmoid", 1), 5e-6);
    assertEquals(0.33333, at("hard_sigmoid", -1), 5e-6);
  }

  @Test
  void hardSiluIsHardSwish() {
    assertEquals(0.165, at("hard_silu", 0.3f), 5e-6);
    assertSame(ActivationFunction.HARD_SILU, ActivationFunction.named("hard_swish"));
  }

  @Test
  void siluIsSwish() {
    assertEquals(0.7310586, at("silu", 1), 5e-7);
    assertSame(ActivationFunction.SILU, ActivationFunction.named("swish"));
  }

  @Test
  void softsign() {
    assertEquals(0.8f, at("softsign", 4));
  }

  @Test
  void eluHasAlphaOne() {
    assertEquals(-0.63212, at("elu", -1), 5e-6);
    assertEquals(at("elu", -1), at("celu", -1));
  }

  @Test
  void seluHasItsPublishedConstants() {
    assertEquals(-1.11133, at("selu", -1), 5e-6);
    assertEquals(1.05070098f, at("selu", 1));
  }

  @Test
  void geluIsTheExactForm() {
    assertEquals(0.84134, at("gelu", 1), 5e-6);
    // The approximation by tanh would give 0.841192.
    assertEquals(0.8413447, at("gelu", 1), 2e-7);
  }

  @Test
  void leakyReluHasASlopeOfOneFifth() {
    assertEquals(-0.2f, at("leaky_relu", -1));
  }

  @Test
  void softplusAndItsKin() {
    assertEquals(0.69315, at("softplus", 0), 5e-6);
    assertEquals(-0.69315, at("log_sigmoid", 0), 5e-6);
    assertEquals(0.86510, at("mish", 1), 5e-6);
    assertEquals(2.71828, at("exponential", 1), 5e-6);
  }

  @Test
  void sparseFunctionsAreCutAtOne() {
    assertEquals(0f, at("sparse_sigmoid", -1));
    assertEquals(0.5f, at("sparse_sigmoid", 0));
    assertEquals(1f, at("sparse_sigmoid", 1));
    assertEquals(0f, at("sparse_plus", -2));
    assertEquals(0.25f, at("sparse_plus", 0));
    assertEquals(3f, at("sparse_plus", 3));
  }

  @Test
  void shrinkingFunctionsHaveAThresholdOfOneHalf() {
    assertEquals(0.5f, at("soft_shrink", 1));
    assertEquals(-0.5f, at("soft_shrink", -1));
    assertEquals(0f, at("soft_shrink", 0.5f));
    assertEquals(1f, at("hard_shrink", 1));
    assertEquals(0f, at("hard_shrink", 0.5f));
    assertEquals(0.2384058, at("tanh_shrink", 1), 2e-7);
  }

  @Test
  void clippedFunctions() {
    assertEquals(1f, at("hard_tanh", 3));
    assertEquals(-1f, at("hard_tanh", -3));
    assertEquals(0.25f, at("hard_tanh", 0.25f));
    assertEquals(6f, at("relu6", 7));
    assertEquals(0f, at("relu", -7));
    assertEquals(1.618034, at("squareplus", 1), 2e-7);
  }

  @Test
  void noNameMeansLinear() {
    assertSame(ActivationFunction.LINEAR, ActivationFunction.named(null));
    assertEquals(-3.5f, at("linear", -3.5f));
  }

  @Test
  void everyFunctionIsFoundByItsNameInKeras() {
    for (ActivationFunction f : ActivationFunction.values()) {
      assertSame(f, ActivationFunction.named(f.kerasName()));
    }
  }

  @Test
  void anUnknownNameIsRefusedByName() {
    String message = assertThrows(UnsupportedException.class, () -> ActivationFunction.named("glu")).getMessage();
    assertTrue(message.contains("glu"), message);
  }
}
